variable "project" {
  description = "The id of the project that is this environment: its policy, attestor, key and functions are there."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "\"${var.project}\" is no project id: write 6 to 30 lower-case letters, digits and dashes, such as acme-prod (not the number, not the display name)."
  }
}

variable "environment" {
  description = "The name of the environment: development, staging or production. The names of all that it has begin so."
  type        = string

  validation {
    condition     = contains(["development", "staging", "production"], var.environment)
    error_message = "\"${var.environment}\" is no environment: write development, staging or production, the three that the functions know."
  }
}

variable "location" {
  description = "The region of keys, functions, topics and evidence."
  type        = string
  default     = "us-central1"

  validation {
    condition     = can(regex("^[a-z]+-[a-z]+[0-9]+$", var.location))
    error_message = "\"${var.location}\" is no region: write one such as us-central1. Functions run in a region, and the key is beside them."
  }
}

# What is enforced.

variable "enable_binary_authorization" {
  description = "Whether terraform owns the project's policy. false: it is left as it is, and the mode has to be DISABLED."
  type        = bool
}

variable "binary_authorization_mode" {
  description = "What the policy's default rule does with an image that nobody attested: ENFORCING blocks it, DRYRUN_AUDIT_LOG_ONLY lets it run and logs it, DISABLED lets everything run. These are words of this module; README.md says which fields of the API they set."
  type        = string

  validation {
    condition     = contains(["ENFORCING", "DRYRUN_AUDIT_LOG_ONLY", "DISABLED"], var.binary_authorization_mode)
    error_message = "\"${var.binary_authorization_mode}\" is no mode: write ENFORCING, DRYRUN_AUDIT_LOG_ONLY or DISABLED."
  }

  validation {
    condition     = var.enable_binary_authorization || var.binary_authorization_mode == "DISABLED"
    error_message = "The mode is ${var.binary_authorization_mode}, but enable_binary_authorization is false, so that nothing would ask for attestations: set enable_binary_authorization = true, or the mode to DISABLED."
  }
}

variable "cluster_modes" {
  description = "Modes of single clusters, by LOCATION.NAME, where they differ from binary_authorization_mode. They become rules of the policy for that cluster."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for cluster in keys(var.cluster_modes) : can(regex("^[a-z]+-[a-z]+[0-9]+(-[a-z])?\\.[a-z][a-z0-9-]*$", cluster))])
    error_message = "A key of cluster_modes is no cluster: write LOCATION.NAME, such as us-central1.prod or us-central1-a.prod."
  }

  validation {
    condition     = alltrue([for mode in values(var.cluster_modes) : contains(["ENFORCING", "DRYRUN_AUDIT_LOG_ONLY", "DISABLED"], mode)])
    error_message = "A value of cluster_modes is no mode: write ENFORCING, DRYRUN_AUDIT_LOG_ONLY or DISABLED."
  }

  validation {
    condition     = length(var.cluster_modes) == 0 || var.enable_binary_authorization
    error_message = "cluster_modes are rules of the policy, and enable_binary_authorization is false, so that terraform does not own it: set it to true, or leave cluster_modes out."
  }
}

variable "allowed_patterns" {
  description = "Images that need no attestation, as patterns of the policy's allow-list: REGISTRY/PATH, a trailing * within a path segment, a trailing ** across segments. GKE's own images need none here: Google's system policy admits them."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for pattern in var.allowed_patterns : can(regex("^[A-Za-z0-9][A-Za-z0-9.:-]*/([^*\\s]+/)*[^*\\s]*\\*{0,2}$", pattern))])
    error_message = "A pattern of allowed_patterns is none, or would let everything run: write REGISTRY/PATH with * or ** at its end only, such as gcr.io/distroless/**. A bare * or ** turns the gate off; for that, the mode is DISABLED."
  }

  validation {
    condition     = alltrue([for pattern in var.allowed_patterns : !can(regex("^[^/]+/\\*{1,2}$", pattern))])
    error_message = "A pattern of allowed_patterns admits a whole registry, in which anybody may have images: name a project or a repository, such as us-docker.pkg.dev/acme-tools/**."
  }
}

variable "check_attested" {
  description = "Whether plans look into the evidence bucket for the record of an attested image, and warn if the mode is ENFORCING and there is none. Turn it off when there are so many records (some ten thousands) that listing them slows plans down."
  type        = bool
  default     = true
}

# Trust.

variable "key_ring" {
  description = "The name of the key ring, if it is not ENVIRONMENT-binauthz. A key ring cannot be deleted: one that an earlier installation left has to be imported or left aside."
  type        = string
  default     = null

  validation {
    condition     = var.key_ring == null || startswith(coalesce(var.key_ring, "-"), "${var.environment}-")
    error_message = "The key ring \"${coalesce(var.key_ring, "-")}\" is not one of ${var.environment}: two environments must not share one, for a signature of either would count in both. Let its name begin with ${var.environment}-."
  }
}

variable "key_algorithm" {
  description = "The algorithm of the signing key's and the audit key's versions, in the words of Cloud KMS. Those are the ones that Binary Authorization accepts under the same name."
  type        = string
  default     = "EC_SIGN_P256_SHA256"

  validation {
    condition     = contains(["EC_SIGN_P256_SHA256", "EC_SIGN_P384_SHA384", "RSA_SIGN_PKCS1_2048_SHA256", "RSA_SIGN_PKCS1_3072_SHA256", "RSA_SIGN_PKCS1_4096_SHA256", "RSA_SIGN_PKCS1_4096_SHA512"], var.key_algorithm)
    error_message = "\"${var.key_algorithm}\" cannot be used here: write EC_SIGN_P256_SHA256, EC_SIGN_P384_SHA384, or RSA_SIGN_PKCS1_{2048,3072,4096}_SHA256 or RSA_SIGN_PKCS1_4096_SHA512. The provider does not take Cloud KMS' names of RSA-PSS for an attestor's key; make such a key with binauthz setup."
  }
}

variable "protection_level" {
  description = "Where the keys' material lives, HSM or SOFTWARE. Default: HSM in production, SOFTWARE elsewhere."
  type        = string
  default     = null

  validation {
    condition     = var.protection_level == null || contains(["HSM", "SOFTWARE"], coalesce(var.protection_level, "-"))
    error_message = "\"${coalesce(var.protection_level, "-")}\" is no protection level: write HSM or SOFTWARE."
  }

  validation {
    condition     = var.environment != "production" || var.protection_level != "SOFTWARE"
    error_message = "The keys of production are to live in a hardware module: write HSM, or leave protection_level out. The audit reports software keys in production (BA208)."
  }
}

variable "destroy_scheduled_days" {
  description = "How many days Cloud KMS keeps a version that is to be destroyed, in which it can be restored."
  type        = number
  default     = 30

  validation {
    condition     = var.destroy_scheduled_days >= 7 && var.destroy_scheduled_days <= 120 && floor(var.destroy_scheduled_days) == var.destroy_scheduled_days
    error_message = "destroy_scheduled_days is ${var.destroy_scheduled_days}: write whole days from 7, so that a mistake is noticed in time, to 120, the longest that Cloud KMS allows."
  }
}

variable "attestor_deployers" {
  description = "Other projects whose policies ask for this attestor, by project id with their numbers: their service agents of Binary Authorization may then read the attestor and verify with it. Empty: only this project's clusters."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for number in values(var.attestor_deployers) : can(regex("^[0-9]+$", number))])
    error_message = "A value of attestor_deployers is no project number: write what `gcloud projects describe PROJECT --format='value(projectNumber)'` prints."
  }
}

variable "attestation_readers" {
  description = "Who may look whether an image is attested, such as a pipeline that waits for the signature before it deploys: IAM members. They can sign nothing."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.attestation_readers : can(regex("^((user|serviceAccount|group|domain):[^\\s:]+|principal(Set)?://\\S+)$", member))])
    error_message = "A member of attestation_readers is no IAM member: write its kind, too, such as serviceAccount:deploy@acme-prod.iam.gserviceaccount.com. Never allUsers."
  }
}

variable "image_deployers" {
  description = "Who may deploy another image of the functions and change nothing else of them, such as the pipeline of this repository: IAM members."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.image_deployers : can(regex("^((user|serviceAccount|group):[^\\s:]+|principal(Set)?://\\S+)$", member))])
    error_message = "A member of image_deployers is no IAM member: write its kind, too, such as serviceAccount:ci-deploy@acme-ci.iam.gserviceaccount.com."
  }
}

# Images and clusters.

variable "repositories" {
  description = "The Artifact Registry repositories whose images are signed and audited, by a short name of your choice."
  type = map(object({
    project  = optional(string) # default: this environment's
    location = optional(string) # default: this environment's
    name     = string
  }))

  validation {
    condition     = length(var.repositories) > 0
    error_message = "repositories is empty, so that no image could be read and none would be signed: name one, such as { app = { name = \"app\" } }."
  }
}

variable "create_gcr_topic" {
  description = "Whether the topic gcr, on which Artifact Registry announces pushes, is made. false: the project has it already."
  type        = bool
  default     = true
}

variable "audited_clusters" {
  description = "The clusters that are this environment's, as LOCATION.NAME, where the project has clusters of several environments. Empty: every cluster of the project."
  type        = list(string)
  default     = []
}

variable "audited_projects" {
  description = "The projects whose clusters run the images. Empty: this project alone."
  type        = list(string)
  default     = []

  validation {
    condition     = length(var.audited_clusters) == 0 || length(var.audited_projects) <= 1
    error_message = "audited_clusters is for one project, and audited_projects names ${length(var.audited_projects)}: leave one of them out."
  }
}

variable "administrators" {
  description = "Who, besides the functions' identities, may change policy, attestor, note and keys without the audit calling it a finding: IAM members such as group:security@example.com."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for member in var.administrators : can(regex("^((user|serviceAccount|group|domain):[^\\s:]+|principal(Set)?://\\S+)$", member))])
    error_message = "A member of administrators is no IAM member: write its kind, too, such as group:security@example.com."
  }
}

# The functions.

variable "image" {
  description = "The functions' image by digest, REGISTRY/PATH@sha256:HEX. null: they are built from function_source."
  type        = string
  default     = null

  validation {
    condition     = var.image == null || can(regex("^[a-z0-9][a-z0-9.:-]*/[a-z0-9._/-]+@sha256:[0-9a-f]{64}$", coalesce(var.image, "-")))
    error_message = "\"${coalesce(var.image, "-")}\" names no image by digest: write REGISTRY/PATH@sha256:HEX, as `gcloud artifacts docker images describe IMAGE:TAG --format='value(image_summary.fully_qualified_digest)'` prints it. What a tag names may change after it was tested."
  }

  validation {
    condition     = (var.image == null) != (var.function_source == null)
    error_message = "Write exactly one of image (a tested image by digest) and function_source (sources in a bucket that Cloud Run builds): ${var.image == null ? "both are missing" : "both are there"}."
  }
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

  validation {
    condition     = var.function_source == null || can(regex("^gs://[a-z0-9][a-z0-9._-]+/.+\\.(zip|tar\\.gz)$", var.function_source.archive))
    error_message = "function_source.archive is no archive in a bucket: write gs://BUCKET/OBJECT.zip. Give each version a name of its own, or nothing is built anew."
  }
}

variable "services" {
  description = "Sizes of single functions, by sign-image, alert-on-denial, rotate-key and audit-attestations; what is left out has the defaults that README.md lists."
  type = map(object({
    cpu         = optional(string)
    memory      = optional(string)
    concurrency = optional(number)
    min         = optional(number)
    max         = optional(number)
    timeout     = optional(number) # seconds
  }))
  default = {}

  validation {
    condition     = alltrue([for name in keys(var.services) : contains(["sign-image", "alert-on-denial", "rotate-key", "audit-attestations"], name)])
    error_message = "services names a function that there is not: write sign-image, alert-on-denial, rotate-key or audit-attestations."
  }

  validation {
    condition     = alltrue([for name in ["rotate-key", "audit-attestations"] : alltrue([for service in [try(var.services[name], {})] : coalesce(try(service.concurrency, null), 1) == 1 && coalesce(try(service.max, null), 1) == 1])])
    error_message = "rotate-key and audit-attestations are to run once at a time: leave their concurrency and max out. Two runs at once do no harm, but the second does everything twice."
  }
}

variable "approval" {
  description = "The secret with the approval policy (approval.yaml) of this environment, and which version of it counts. A number has a new policy roll out as a change that can be seen in the plan; with latest an instance reads what is there when it starts."
  type = object({
    secret  = string
    version = optional(string, "latest")
  })

  validation {
    condition     = can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/secrets/[A-Za-z0-9_-]+$", var.approval.secret))
    error_message = "approval.secret is no secret: write projects/PROJECT/secrets/NAME. Without the approval policy nothing is signed. Make it with `gcloud secrets create ${var.environment}-approval --data-file=approval.yaml` after `binauthz approval lint approval.yaml`."
  }
}

variable "alerts" {
  description = "The secret with the alert policy (alerts.yaml), and which version of it counts, as for approval."
  type = object({
    secret  = string
    version = optional(string, "latest")
  })

  validation {
    condition     = can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/secrets/[A-Za-z0-9_-]+$", var.alerts.secret))
    error_message = "alerts.secret is no secret: write projects/PROJECT/secrets/NAME. Without the alert policy nobody is told. Make it with `gcloud secrets create ${var.environment}-alerts --data-file=alerts.yaml` after `binauthz alerts lint alerts.yaml`."
  }
}

variable "channel_secrets" {
  description = "The secrets that the alert policy names (webhook addresses, keys), by a short name of your choice; the alerting function may read each. Terraform never sees what is in them."
  type        = map(string)
  default     = {}

  validation {
    condition     = alltrue([for secret in values(var.channel_secrets) : can(regex("^projects/[a-z][a-z0-9-]{4,28}[a-z0-9]/secrets/[A-Za-z0-9_-]+$", secret))])
    error_message = "A value of channel_secrets is no secret: write projects/PROJECT/secrets/NAME, without a version, and never the secret itself."
  }
}

variable "rotation" {
  description = "When keys are rotated: how many days a version signs, how many both are trusted, how many the old one stays disabled; how many images a minute are signed anew."
  type = object({
    lifetime_days                = optional(number, 90)
    overlap_days                 = optional(number, 7)
    disabled_before_destroy_days = optional(number, 30)
    images_per_minute            = optional(number, 300)
  })
  default = {}

  validation {
    condition     = var.rotation.overlap_days >= 1 && var.rotation.lifetime_days > var.rotation.overlap_days && var.rotation.disabled_before_destroy_days >= 1
    error_message = "rotation does not fit together: overlap_days and disabled_before_destroy_days are 1 at least, and lifetime_days more than overlap_days."
  }
}

variable "schedules" {
  description = "When the functions are asked, as cron expressions in UTC."
  type = object({
    rotate = optional(string, "7 * * * *")
    audit  = optional(string, "0 6 * * *")
    sweep  = optional(string, "* * * * *")
  })
  default = {}

  validation {
    condition     = alltrue([for schedule in values(var.schedules) : can(regex("^\\S+ \\S+ \\S+ \\S+ \\S+$", schedule))])
    error_message = "A schedule is no cron expression of five fields: write one such as 0 6 * * * (each day at 6:00 UTC)."
  }
}

variable "pause_schedules" {
  description = "Whether the schedules stand still, for maintenance."
  type        = bool
  default     = false
}

# Events.

variable "message_retention_days" {
  description = "How many days topics and subscriptions keep messages."
  type        = number
  default     = 7

  validation {
    condition     = var.message_retention_days >= 1 && var.message_retention_days <= 7
    error_message = "message_retention_days is ${var.message_retention_days}: write 1 to 7. A subscription keeps messages for 7 days at most."
  }
}

variable "max_delivery_attempts" {
  description = "How often a message is delivered before it goes to the dead letters. With the backoff of 10 seconds to 10 minutes, 20 attempts span more than two hours."
  type        = number
  default     = 20

  validation {
    condition     = var.max_delivery_attempts >= 5 && var.max_delivery_attempts <= 100
    error_message = "max_delivery_attempts is ${var.max_delivery_attempts}: Pub/Sub takes 5 to 100."
  }
}

variable "pull_subscriptions" {
  description = "Which of the topics that tell the world outside have a subscription of their own name to pull from: decisions, alerts, findings. A topic without a subscription forgets what nobody took."
  type        = set(string)
  default     = ["decisions", "alerts", "findings"]

  validation {
    condition     = length(setsubtract(var.pull_subscriptions, ["decisions", "alerts", "findings"])) == 0
    error_message = "pull_subscriptions names a topic that there is not: write decisions, alerts, findings. The functions have their own subscriptions on the others."
  }
}

variable "folder_sinks" {
  description = "Folders, folders/NUMBER, whose projects run clusters or Cloud Run services besides this project's: a sink in each copies what is alerted on."
  type        = set(string)
  default     = []

  validation {
    condition     = alltrue([for folder in var.folder_sinks : can(regex("^folders/[0-9]+$", folder))])
    error_message = "folder_sinks names no folder: write folders/NUMBER."
  }
}

# Evidence.

variable "evidence_bucket" {
  description = "The name of the bucket that keeps decision records, audit reports, refusals, unreadable events and what was alerted on. Default: PROJECT-binauthz-evidence."
  type        = string
  default     = null
}

variable "evidence_retention_days" {
  description = "How many days nobody can delete or overwrite an object of the evidence bucket. 365 at least in production."
  type        = number
  default     = 400

  validation {
    condition     = var.evidence_retention_days >= (var.environment == "production" ? 365 : 1) && var.evidence_retention_days <= 36500 && floor(var.evidence_retention_days) == var.evidence_retention_days
    error_message = "evidence_retention_days is ${var.evidence_retention_days}: in production write 365 or more, for an auditor asks for a year; elsewhere 1 or more; whole days, 36500 at most."
  }
}

variable "lock_evidence_retention" {
  description = "Whether the retention is locked. That cannot be undone, not even by Google: the period can only become longer, and the bucket stays until its last object is old enough."
  type        = bool
  default     = false
}

# Options.

variable "kms_key_name" {
  description = "A symmetric key of yours, projects/P/locations/L/keyRings/R/cryptoKeys/K, with which topics, bucket and functions are encrypted (CMEK). It is of another key ring than the signing key. null: Google's keys."
  type        = string
  default     = null

  validation {
    condition     = var.kms_key_name == null || can(regex("^projects/[^/]+/locations/[^/]+/keyRings/[^/]+/cryptoKeys/[^/]+$", coalesce(var.kms_key_name, "-")))
    error_message = "kms_key_name is no key: write projects/P/locations/L/keyRings/R/cryptoKeys/K."
  }

  validation {
    condition     = var.kms_key_name == null || !can(regex("/keyRings/${coalesce(var.key_ring, "${var.environment}-binauthz")}/", coalesce(var.kms_key_name, "-")))
    error_message = "kms_key_name is in the key ring of the signing key: whoever manages encryption would manage what is trusted. Use another key ring."
  }
}

variable "vpc_access" {
  description = "The network through which the functions connect (direct VPC egress), for VPC Service Controls. null: none."
  type = object({
    network    = string
    subnetwork = string
  })
  default = null
}

variable "notification_channels" {
  description = "The notification channels of Cloud Monitoring that the alert policies tell, projects/P/notificationChannels/N. They speak where the alerting function itself fails."
  type        = list(string)
  default     = []

  validation {
    condition     = alltrue([for channel in var.notification_channels : can(regex("^projects/[^/]+/notificationChannels/[0-9]+$", channel))])
    error_message = "notification_channels names no channel: write projects/P/notificationChannels/N, as `gcloud beta monitoring channels list --format='value(name)'` prints it."
  }
}

variable "labels" {
  description = "Labels of everything that can have some."
  type        = map(string)
  default     = {}
}

variable "deletion_protection" {
  description = "Whether terraform refuses to delete the functions and, while it has objects, the evidence bucket. Default: true but in development."
  type        = bool
  default     = null
}
