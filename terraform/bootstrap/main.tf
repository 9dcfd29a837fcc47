# Once for all environments: where state and images are, and as whom pipelines act.

locals {
  apis = toset(["artifactregistry.googleapis.com", "cloudbuild.googleapis.com", "cloudresourcemanager.googleapis.com", "iam.googleapis.com", "iamcredentials.googleapis.com", "serviceusage.googleapis.com", "storage.googleapis.com", "sts.googleapis.com"])
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

resource "google_storage_bucket" "state" {
  project                     = var.project
  name                        = coalesce(var.state_bucket, "${var.project}-terraform-state")
  location                    = var.location
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  # A state that was lost or broken is in the version before.
  versioning {
    enabled = true
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }
    condition {
      num_newer_versions = 100
      with_state         = "ARCHIVED"
    }
  }

  lifecycle {
    prevent_destroy = true
  }

  depends_on = [google_project_service.apis]
}

resource "google_artifact_registry_repository" "images" {
  project       = var.project
  location      = var.location
  repository_id = var.repository
  format        = "DOCKER"
  description   = "The image of the Binary Authorization functions."

  # A tag stays with what it was given to.
  docker_config {
    immutable_tags = true
  }

  depends_on = [google_project_service.apis]
}

# Cloud Run of an environment pulls the functions' image as its own agent.
data "google_project" "environments" {
  for_each = var.environments

  project_id = each.value
}

resource "google_artifact_registry_repository_iam_member" "run" {
  for_each = var.environments

  project    = var.project
  location   = var.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:service-${data.google_project.environments[each.key].number}@serverless-robot-prod.iam.gserviceaccount.com"
}
