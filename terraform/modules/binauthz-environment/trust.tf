locals {
  key_ring         = coalesce(var.key_ring, "${var.environment}-binauthz")
  protection_level = coalesce(var.protection_level, var.environment == "production" ? "HSM" : "SOFTWARE")
  destroy_after    = "${var.destroy_scheduled_days * 86400}s"

  # As their ids, and known before they are made.
  keys_of_ring = "projects/${var.project}/locations/${var.location}/keyRings/${google_kms_key_ring.binauthz.name}/cryptoKeys"
  attestor_key = "${local.keys_of_ring}/${google_kms_crypto_key.attestor.name}"
  audit_key    = "${local.keys_of_ring}/${google_kms_crypto_key.audit.name}"
}

resource "google_kms_key_ring" "binauthz" {
  project    = var.project
  location   = var.location
  name       = local.key_ring
  depends_on = [google_project_service.apis]
}

# Version 1 is made by Cloud KMS. Later ones are the rotation's: terraform must not manage versions, or it makes one anew
# that the rotation destroyed.
resource "google_kms_crypto_key" "attestor" {
  name                       = "attestor-key"
  key_ring                   = google_kms_key_ring.binauthz.id
  purpose                    = "ASYMMETRIC_SIGN"
  destroy_scheduled_duration = local.destroy_after
  labels                     = var.labels

  version_template {
    algorithm        = var.key_algorithm
    protection_level = local.protection_level
  }

  lifecycle {
    # Destroying the key would destroy every version of it. A new template is the rotation's, too (Rotation:Algorithm).
    prevent_destroy = true
  }
}

# Signs audit reports. No attestor trusts it.
resource "google_kms_crypto_key" "audit" {
  name                       = "audit-key"
  key_ring                   = google_kms_key_ring.binauthz.id
  purpose                    = "ASYMMETRIC_SIGN"
  destroy_scheduled_duration = local.destroy_after
  labels                     = var.labels

  version_template {
    algorithm        = var.key_algorithm
    protection_level = local.protection_level
  }

  lifecycle {
    prevent_destroy = true
  }
}

# A new version is PENDING_GENERATION at first, and has no public key yet.
resource "time_sleep" "first_version" {
  create_duration = "60s"
  triggers        = { key = local.attestor_key }
}

# By filter and not by number: version 1 will have been destroyed one day.
data "google_kms_crypto_key_latest_version" "attestor" {
  crypto_key = local.attestor_key
  filter     = "state:ENABLED"
  depends_on = [time_sleep.first_version] # not before the key is made, though its name is known
}

resource "google_container_analysis_note" "attestor" {
  project = var.project
  name    = "${var.environment}-note"

  attestation_authority {
    hint {
      human_readable_name = "Images approved for ${var.environment}"
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_binary_authorization_attestor" "environment" {
  project = var.project
  name    = "${var.environment}-attestor"

  attestation_authority_note {
    note_reference = google_container_analysis_note.attestor.name

    public_keys {
      id      = "//cloudkms.googleapis.com/v1/${data.google_kms_crypto_key_latest_version.attestor.name}"
      comment = "trusted since ${timestamp()}" # the signer waits for the propagation window, counted from here

      pkix_public_key {
        public_key_pem      = data.google_kms_crypto_key_latest_version.attestor.public_key[0].pem
        signature_algorithm = data.google_kms_crypto_key_latest_version.attestor.public_key[0].algorithm
      }
    }
  }

  lifecycle {
    # Only the first key is terraform's: the rotation adds and removes the others.
    ignore_changes  = [attestation_authority_note[0].public_keys]
    prevent_destroy = true
  }

  depends_on = [google_project_service.apis]
}

locals {
  # What this module calls a mode, in the fields of the API.
  rules = {
    ENFORCING             = { evaluation = "REQUIRE_ATTESTATION", enforcement = "ENFORCED_BLOCK_AND_AUDIT_LOG" }
    DRYRUN_AUDIT_LOG_ONLY = { evaluation = "REQUIRE_ATTESTATION", enforcement = "DRYRUN_AUDIT_LOG_ONLY" }
    DISABLED              = { evaluation = "ALWAYS_ALLOW", enforcement = "ENFORCED_BLOCK_AND_AUDIT_LOG" }
  }
  default_rule = local.rules[var.binary_authorization_mode]
  # As rules and as binauthz policy render write it. With ALWAYS_ALLOW the API refuses any attestor.
  attestor_name = "projects/${var.project}/attestors/${google_binary_authorization_attestor.environment.name}"
}

# One for each project. Creating it overwrites the policy that is there: import that first (README.md). Destroying it would
# write a policy that lets everything run.
resource "google_binary_authorization_policy" "policy" {
  count = var.enable_binary_authorization ? 1 : 0

  project                       = var.project
  global_policy_evaluation_mode = "ENABLE"

  default_admission_rule {
    evaluation_mode         = local.default_rule.evaluation
    enforcement_mode        = local.default_rule.enforcement
    require_attestations_by = local.default_rule.evaluation == "REQUIRE_ATTESTATION" ? [local.attestor_name] : []
  }

  dynamic "cluster_admission_rules" {
    for_each = var.cluster_modes

    content {
      cluster                 = cluster_admission_rules.key
      evaluation_mode         = local.rules[cluster_admission_rules.value].evaluation
      enforcement_mode        = local.rules[cluster_admission_rules.value].enforcement
      require_attestations_by = local.rules[cluster_admission_rules.value].evaluation == "REQUIRE_ATTESTATION" ? [local.attestor_name] : []
    }
  }

  dynamic "admission_whitelist_patterns" {
    for_each = var.allowed_patterns

    content {
      name_pattern = admission_whitelist_patterns.value
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

# Every attested image has a signed record below decisions/. On the very first plan there is no bucket yet.
data "google_storage_buckets" "evidence" {
  count = local.looks_for_records ? 1 : 0

  project = var.project
  prefix  = local.evidence_bucket
}

data "google_storage_bucket_objects" "decisions" {
  count = contains(flatten(data.google_storage_buckets.evidence[*].buckets[*].name), local.evidence_bucket) ? 1 : 0

  bucket = local.evidence_bucket
  prefix = "decisions/${var.environment}-attestor/"
}

check "something_is_attested" {
  assert {
    condition     = !local.looks_for_records || length(flatten(data.google_storage_bucket_objects.decisions[*].bucket_objects)) > 0
    error_message = "The mode is ENFORCING, and the evidence bucket has no record of any attested image: no image would start in the clusters but what allowed_patterns names. Use DRYRUN_AUDIT_LOG_ONLY until `binauthz readiness ${var.environment} --project ${var.project}` says that nothing is missing."
  }
}

# The policies of other projects may ask for this attestor: their agents read the attestor, and the attestor's own identity
# reads the note.
resource "google_binary_authorization_attestor_iam_member" "deployers" {
  for_each = var.attestor_deployers

  project  = var.project
  attestor = google_binary_authorization_attestor.environment.name
  role     = "roles/binaryauthorization.attestorsVerifier"
  member   = "serviceAccount:service-${each.value}@gcp-sa-binaryauthorization.iam.gserviceaccount.com"
}

resource "google_container_analysis_note_iam_member" "delegation" {
  count = length(var.attestor_deployers) > 0 ? 1 : 0

  project = var.project
  note    = google_container_analysis_note.attestor.name
  role    = "roles/containeranalysis.notes.occurrences.viewer"
  member  = "serviceAccount:${google_binary_authorization_attestor.environment.attestation_authority_note[0].delegation_service_account_email}"
}

locals {
  looks_for_records = var.check_attested && contains(concat([var.binary_authorization_mode], values(var.cluster_modes)), "ENFORCING")

  # The provider takes these two alone. Without any rule that asks for attestations the clusters need not ask the policy.
  asks_for_attestations   = length(setsubtract(concat([var.binary_authorization_mode], values(var.cluster_modes)), ["DISABLED"])) > 0
  cluster_evaluation_mode = var.enable_binary_authorization && local.asks_for_attestations ? "PROJECT_SINGLETON_POLICY_ENFORCE" : "DISABLED"
}
