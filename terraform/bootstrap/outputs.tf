output "state_bucket" {
  description = "For terraform init of an environment: -backend-config=\"bucket=…\"."
  value       = google_storage_bucket.state.name
}

output "image_repository" {
  description = "Where the functions' image is pushed."
  value       = "${var.location}-docker.pkg.dev/${var.project}/${google_artifact_registry_repository.images.repository_id}"
}

output "workload_identity_provider" {
  description = "For google-github-actions/auth."
  value       = "projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${google_iam_workload_identity_pool.ci.workload_identity_pool_id}/providers/${google_iam_workload_identity_pool_provider.github.workload_identity_pool_provider_id}"
}

output "accounts" {
  description = "The pipelines' service accounts: ci-plan, ci-image, ci-deploy-ENVIRONMENT and ci-apply-ENVIRONMENT."
  value       = { for name, account in google_service_account.ci : name => "${account.account_id}@${var.project}.iam.gserviceaccount.com" }
}
