# What differs between projects. The rules that values must keep, and what else can be set, are the module's:
# ../../modules/binauthz-environment/variables.tf.

variable "project" {
  description = "The id of the project that is this environment: its policy, attestor, key and functions are there."
  type        = string
}

variable "location" {
  description = "The region of keys, functions, topics and evidence."
  type        = string
  default     = "us-central1"
}

variable "enable_binary_authorization" {
  description = "Whether terraform owns the project's policy. false: it is left as it is, and the mode has to be DISABLED."
  type        = bool
  default     = true
}

variable "binary_authorization_mode" {
  description = "What the policy's default rule does with an image that nobody attested: ENFORCING blocks it, DRYRUN_AUDIT_LOG_ONLY lets it run and logs it, DISABLED lets everything run. These are words of this module; README.md says which fields of the API they set."
  type        = string
}

variable "cluster_modes" {
  description = "Modes of single clusters, by LOCATION.NAME, where they differ from binary_authorization_mode. They become rules of the policy for that cluster."
  type        = map(string)
  default     = {}
}

variable "allowed_patterns" {
  description = "Images that need no attestation, as patterns of the policy's allow-list: REGISTRY/PATH, a trailing * within a path segment, a trailing ** across segments. GKE's own images need none here: Google's system policy admits them."
  type        = list(string)
  default     = []
}

variable "repositories" {
  description = "The Artifact Registry repositories whose images are signed and audited, by a short name of your choice."
  type = map(object({
    project  = optional(string) # default: this environment's
    location = optional(string) # default: this environment's
    name     = string
  }))
}

variable "create_gcr_topic" {
  description = "Whether the topic gcr, on which Artifact Registry announces pushes, is made. false: the project has it already."
  type        = bool
  default     = true
}

variable "image" {
  description = "The functions' image by digest, REGISTRY/PATH@sha256:HEX. null: they are built from function_source."
  type        = string
  default     = null
}

variable "function_source" {
  description = "The sources of which Cloud Run builds the functions, if there is no image: the archive of this repository's top folder, where the built images go, and who builds."
  type = object({
    archive                  = string           # gs://BUCKET/OBJECT.zip
    image_repository         = string           # LOCATION-docker.pkg.dev/PROJECT/REPOSITORY
    service_account          = string           # projects/P/serviceAccounts/EMAIL
    base_image               = optional(string) # default: the one of the runtime dotnet10 in this location
    enable_automatic_updates = optional(bool, false)
  })
  default = null
}

variable "approval" {
  description = "The secret with the approval policy (approval.yaml) of this environment, and which version of it counts. A number has a new policy roll out as a change that can be seen in the plan; with latest an instance reads what is there when it starts."
  type = object({
    secret  = string
    version = optional(string, "latest")
  })
}

variable "alerts" {
  description = "The secret with the alert policy (alerts.yaml), and which version of it counts, as for approval."
  type = object({
    secret  = string
    version = optional(string, "latest")
  })
}

variable "channel_secrets" {
  description = "The secrets that the alert policy names (webhook addresses, keys), by a short name of your choice; the alerting function may read each. Terraform never sees what is in them."
  type        = map(string)
  default     = {}
}

variable "administrators" {
  description = "Who, besides the functions' identities, may change policy, attestor, note and keys without the audit calling it a finding: IAM members such as group:security@example.com."
  type        = list(string)
  default     = []
}

variable "attestor_deployers" {
  description = "Other projects whose policies ask for this attestor, by project id with their numbers: their service agents of Binary Authorization may then read the attestor and verify with it. Empty: only this project's clusters."
  type        = map(string)
  default     = {}
}

variable "attestation_readers" {
  description = "Who may look whether an image is attested, such as a pipeline that waits for the signature before it deploys: IAM members. They can sign nothing."
  type        = list(string)
  default     = []
}

variable "image_deployers" {
  description = "Who may deploy another image of the functions and change nothing else of them, such as the pipeline of this repository: IAM members."
  type        = list(string)
  default     = []
}

variable "notification_channels" {
  description = "The notification channels of Cloud Monitoring that the alert policies tell, projects/P/notificationChannels/N. They speak where the alerting function itself fails."
  type        = list(string)
  default     = []
}

variable "evidence_retention_days" {
  description = "How many days nobody can delete or overwrite an object of the evidence bucket. 365 at least in production."
  type        = number
  default     = 400
}

variable "lock_evidence_retention" {
  description = "Whether the retention is locked. That cannot be undone, not even by Google: the period can only become longer, and the bucket stays until its last object is old enough."
  type        = bool
  default     = false
}

variable "kms_key_name" {
  description = "A symmetric key of yours, projects/P/locations/L/keyRings/R/cryptoKeys/K, with which topics, bucket and functions are encrypted (CMEK). It is of another key ring than the signing key. null: Google's keys."
  type        = string
  default     = null
}

variable "vpc_access" {
  description = "The network through which the functions connect (direct VPC egress), for VPC Service Controls. null: none."
  type = object({
    network    = string
    subnetwork = string
  })
  default = null
}

variable "pause_schedules" {
  description = "Whether the schedules stand still, for maintenance."
  type        = bool
  default     = false
}

variable "labels" {
  description = "Labels of everything that can have some."
  type        = map(string)
  default     = {}
}
