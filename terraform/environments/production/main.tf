module "environment" {
  source = "../../modules/binauthz-environment"

  environment                 = "production"
  project                     = var.project
  location                    = var.location
  enable_binary_authorization = var.enable_binary_authorization
  binary_authorization_mode   = var.binary_authorization_mode
  cluster_modes               = var.cluster_modes
  allowed_patterns            = var.allowed_patterns
  repositories                = var.repositories
  create_gcr_topic            = var.create_gcr_topic
  image                       = var.image
  function_source             = var.function_source
  approval                    = var.approval
  alerts                      = var.alerts
  channel_secrets             = var.channel_secrets
  administrators              = var.administrators
  attestor_deployers          = var.attestor_deployers
  notification_channels       = var.notification_channels
  evidence_retention_days     = var.evidence_retention_days
  lock_evidence_retention     = var.lock_evidence_retention
  kms_key_name                = var.kms_key_name
  vpc_access                  = var.vpc_access
  pause_schedules             = var.pause_schedules
  labels                      = var.labels
}
