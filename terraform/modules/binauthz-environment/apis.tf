locals {
  # What the functions call, what they run on, and what binauthz doctor and the audit read.
  apis = toset(concat([
    "artifactregistry.googleapis.com",
    "binaryauthorization.googleapis.com",
    "cloudasset.googleapis.com",
    "cloudkms.googleapis.com",
    "cloudresourcemanager.googleapis.com",
    "cloudscheduler.googleapis.com",
    "container.googleapis.com",
    "containeranalysis.googleapis.com",
    "iam.googleapis.com",
    "iamcredentials.googleapis.com",
    "logging.googleapis.com",
    "monitoring.googleapis.com",
    "pubsub.googleapis.com",
    "run.googleapis.com",
    "secretmanager.googleapis.com",
    "serviceusage.googleapis.com",
    "storage.googleapis.com",
  ], var.function_source == null ? [] : ["cloudbuild.googleapis.com"]))
}

resource "google_project_service" "apis" {
  for_each = local.apis

  project            = var.project
  service            = each.key
  disable_on_destroy = false
}

data "google_project" "this" {
  project_id = var.project
}

locals {
  number = data.google_project.this.number

  # Addresses of Google's own identities, which follow from the project's number (docs: iam/docs/service-agents).
  agents = {
    pubsub  = "service-${local.number}@gcp-sa-pubsub.iam.gserviceaccount.com"
    run     = "service-${local.number}@serverless-robot-prod.iam.gserviceaccount.com"
    storage = try(data.google_storage_project_service_account.agent[0].email_address, null)
  }
}

# Cloud Storage's agent is made when somebody asks for it.
data "google_storage_project_service_account" "agent" {
  count = var.kms_key_name == null ? 0 : 1

  project = var.project
}
