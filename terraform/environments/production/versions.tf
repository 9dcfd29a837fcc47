terraform {
  required_version = ">= 1.11"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = ">= 6.50, < 8.0"
    }
    time = {
      source  = "hashicorp/time"
      version = ">= 0.9"
    }
  }

  # The rest is given at init, for it differs with the project:
  #   terraform init -backend-config="bucket=acme-ci-terraform-state"
  # The bucket is what terraform/bootstrap makes. Each environment has a prefix, and may have a bucket, of its own.
  backend "gcs" {
    prefix = "binauthz/production"
  }
}

provider "google" {
  project = var.project
  region  = var.location

  # APIs are asked on behalf of this project, also with a person's credentials.
  billing_project       = var.project
  user_project_override = true
}
