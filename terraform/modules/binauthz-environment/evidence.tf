locals {
  evidence_bucket     = coalesce(var.evidence_bucket, "${var.project}-binauthz-evidence")
  deletion_protection = coalesce(var.deletion_protection, var.environment != "development")
}

# Objects are created and never overwritten; the retention holds everybody else to that. No versioning: what cannot be
# overwritten has no versions, and a bucket with a retention policy is refused it (README.md).
resource "google_storage_bucket" "evidence" {
  project                     = var.project
  name                        = local.evidence_bucket
  location                    = var.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  force_destroy               = !local.deletion_protection
  labels                      = var.labels

  retention_policy {
    retention_period = var.evidence_retention_days * 86400
    is_locked        = var.lock_evidence_retention
  }

  dynamic "encryption" {
    for_each = var.kms_key_name == null ? [] : [var.kms_key_name]

    content {
      default_kms_key_name = encryption.value
    }
  }

  depends_on = [google_project_service.apis, google_kms_crypto_key_iam_member.encryption]
}

# What a customer-managed key encrypts is read and written by these agents.
resource "google_kms_crypto_key_iam_member" "encryption" {
  for_each = var.kms_key_name == null ? {} : local.agents

  crypto_key_id = var.kms_key_name
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = "serviceAccount:${each.value}"

  depends_on = [google_project_service.apis]
}

# Nobody can say who signed or pushed while these are off, and they are by default.
resource "google_project_iam_audit_config" "data_access" {
  for_each = {
    "artifactregistry.googleapis.com"  = "DATA_WRITE" # who pushed: the rule pushedBy
    "cloudkms.googleapis.com"          = "DATA_READ"  # who signed: AsymmetricSign
    "containeranalysis.googleapis.com" = "DATA_WRITE" # who attested
  }

  project = var.project
  service = each.key

  audit_log_config {
    log_type = each.value
  }

  depends_on = [google_project_service.apis]
}
