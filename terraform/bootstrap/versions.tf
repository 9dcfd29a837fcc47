terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8.0"
    }
  }

  # Applied once by a person, with the state at hand. Then the state moves into the bucket that was made:
  # write backend "gcs" { bucket = "…", prefix = "bootstrap" } here and run terraform init -migrate-state.
}

provider "google" {
  project               = var.project
  region                = var.location
  billing_project       = var.project
  user_project_override = true
}
