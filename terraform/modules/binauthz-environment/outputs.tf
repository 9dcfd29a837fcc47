output "attestor" {
  description = "The attestor's name, as policies and `binauthz` take it."
  value       = local.attestor_name
}

output "note" {
  description = "The note under which attestations are stored."
  value       = "projects/${var.project}/notes/${google_container_analysis_note.attestor.name}"
}

output "signing_key" {
  description = "The signing key."
  value       = local.attestor_key
}

output "audit_key" {
  description = "The key that signs audit reports."
  value       = local.audit_key
}

output "evidence_bucket" {
  description = "The bucket of the evidence."
  value       = google_storage_bucket.evidence.name
}

output "identities" {
  description = "The service accounts' addresses, by signer, alerter, rotator, auditor and invoker."
  value       = local.emails
}

output "functions" {
  description = "The functions' addresses, by sign-image, alert-on-denial, rotate-key and audit-attestations."
  value       = { for name, service in google_cloud_run_v2_service.functions : name => service.uri }
}

output "topics" {
  description = "The topics' full names, by decisions, alerts, resign, findings, audit, denials, pushes and dead-letters."
  value       = local.topics
}

output "dead_letter_subscription" {
  description = "Where to pull what could not be delivered."
  value       = "projects/${var.project}/subscriptions/${google_pubsub_subscription.dead_letters.name}"
}

output "cluster_evaluation_mode" {
  description = "What the clusters' binary_authorization.evaluation_mode has to be for the policy to count."
  value       = local.cluster_evaluation_mode
}

output "cluster_snippet" {
  description = "What to write into the google_container_cluster of each cluster. Clusters are not this module's."
  value       = <<-EOT
    binary_authorization {
      evaluation_mode = "${local.cluster_evaluation_mode}"
    }
  EOT
}
