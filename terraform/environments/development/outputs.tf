output "attestor" {
  description = "The attestor's name, as policies and `binauthz` take it."
  value       = module.environment.attestor
}

output "note" {
  description = "The note under which attestations are stored."
  value       = module.environment.note
}

output "signing_key" {
  description = "The signing key."
  value       = module.environment.signing_key
}

output "audit_key" {
  description = "The key that signs audit reports."
  value       = module.environment.audit_key
}

output "evidence_bucket" {
  description = "The bucket of the evidence."
  value       = module.environment.evidence_bucket
}

output "identities" {
  description = "The service accounts' addresses, by signer, alerter, rotator, auditor and invoker."
  value       = module.environment.identities
}

output "functions" {
  description = "The functions' addresses, by sign-image, alert-on-denial, rotate-key and audit-attestations."
  value       = module.environment.functions
}

output "topics" {
  description = "The topics' full names, by decisions, alerts, resign, findings, audit, denials, pushes and dead-letters."
  value       = module.environment.topics
}

output "dead_letter_subscription" {
  description = "Where to pull what could not be delivered."
  value       = module.environment.dead_letter_subscription
}

output "cluster_evaluation_mode" {
  description = "What the clusters' binary_authorization.evaluation_mode has to be for the policy to count."
  value       = module.environment.cluster_evaluation_mode
}

output "cluster_snippet" {
  description = "What to write into the google_container_cluster of each cluster. Clusters are not this module's."
  value       = module.environment.cluster_snippet
}
