# What is refused; each message says what to do. A run makes several mistakes at once, and each has to be found.

mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }

  mock_data "google_secret_manager_secrets" {
    defaults = {
      secrets = [
        { secret_id = "production-approval" },
        { secret_id = "production-alerts" },
        { secret_id = "slack-url" },
      ]
    }
  }

  mock_data "google_storage_buckets" {
    defaults = {
      buckets = [{ name = "acme-prod-binauthz-evidence" }]
    }
  }

  mock_data "google_storage_bucket_objects" {
    defaults = {
      bucket_objects = [{ name = "decisions/production-attestor/sha256/0000/1.json" }]
    }
  }
}

mock_provider "time" {}

variables {
  project                     = "acme-prod"
  environment                 = "production"
  enable_binary_authorization = true
  binary_authorization_mode   = "ENFORCING"
  repositories                = { app = { name = "app" } }
  image                       = "us-central1-docker.pkg.dev/acme-ci/binauthz/functions@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
  approval                    = { secret = "projects/acme-prod/secrets/production-approval", version = "1" }
  alerts                      = { secret = "projects/acme-prod/secrets/production-alerts", version = "1" }
  channel_secrets             = { team = "projects/acme-prod/secrets/slack-url" }
}

run "words_that_are_none" {
  command = plan

  variables {
    environment               = "prod"
    project                   = "Acme Production"
    location                  = "us-central1-a"                # a zone
    binary_authorization_mode = "REQUIRE_ATTESTATION"          # the API's word for something else
    cluster_modes             = { prod = "ENFORCING" }         # a cluster without its location
    allowed_patterns          = ["*"]                          # everything
    key_algorithm             = "RSA_DECRYPT_OAEP_2048_SHA256" # for encryption
    destroy_scheduled_days    = 0                              # at once
    attestor_deployers        = { acme-shop = "acme-shop" }    # an id, no number
    attestation_readers       = ["allUsers"]
    image_deployers           = ["allAuthenticatedUsers"]
    repositories              = {}                         # nothing would be signed
    audited_projects          = ["acme-prod", "acme-shop"] # whose is the cluster?
    audited_clusters          = ["us-central1.prod"]
    administrators            = ["security@example.com"]                                    # a user or a group?
    image                     = "us-central1-docker.pkg.dev/acme-ci/binauthz/functions:1.0" # by tag
    services                  = { signer = { max = 3 } }                                    # no function
    channel_secrets           = { team = "https://hooks.slack.com/services/T0/B0/x" }       # the secret itself
    rotation                  = { lifetime_days = 7, overlap_days = 7 }
    schedules                 = { audit = "every 24 hours" }
    message_retention_days    = 31
    max_delivery_attempts     = 1
    pull_subscriptions        = ["resign"]               # a topic of the functions
    folder_sinks              = ["folders/shop"]         # a name
    notification_channels     = ["security@example.com"] # an address
  }

  expect_failures = [
    var.environment,
    var.project,
    var.location,
    var.binary_authorization_mode,
    var.cluster_modes,
    var.allowed_patterns,
    var.key_algorithm,
    var.destroy_scheduled_days,
    var.attestor_deployers,
    var.attestation_readers,
    var.image_deployers,
    var.repositories,
    var.audited_projects,
    var.administrators,
    var.image,
    var.services,
    var.channel_secrets,
    var.rotation,
    var.schedules,
    var.message_retention_days,
    var.max_delivery_attempts,
    var.pull_subscriptions,
    var.folder_sinks,
    var.notification_channels,
  ]
}

run "what_does_not_fit_together" {
  command = plan

  variables {
    enable_binary_authorization = false
    binary_authorization_mode   = "ENFORCING"                                                            # of a policy that is not owned
    cluster_modes               = { "us-central1.prod" = "ENFORCED" }                                    # no mode
    allowed_patterns            = ["**"]                                                                 # everything
    key_ring                    = "staging-binauthz"                                                     # another environment's
    protection_level            = "SOFTWARE"                                                             # in production
    image                       = null                                                                   # and no source either
    services                    = { rotate-key = { max = 2 } }                                           # two at once
    approval                    = { secret = "approval.yaml" }                                           # a file
    alerts                      = { secret = "projects/acme-prod/secrets/production-alerts/versions/1" } # the version is apart
    evidence_retention_days     = 90                                                                     # less than a year, in production
  }

  expect_failures = [
    var.binary_authorization_mode,
    var.cluster_modes,
    var.allowed_patterns,
    var.key_ring,
    var.protection_level,
    var.image,
    var.services,
    var.approval,
    var.alerts,
    var.evidence_retention_days,
  ]
}

run "what_is_not_owned" {
  command = plan

  variables {
    enable_binary_authorization = false
    binary_authorization_mode   = "DISABLED"
    cluster_modes               = { "us-central1.prod" = "ENFORCING" }                                                    # rules of a policy that is not owned
    allowed_patterns            = ["*.pkg.dev/acme-prod/app"]                                                             # of any registry
    image                       = "us-central1-docker.pkg.dev/acme-ci/binauthz/functions@sha256:0123"                     # half a digest
    kms_key_name                = "projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/data" # in the key ring of signatures
    protection_level            = "EXTERNAL"
  }

  expect_failures = [
    var.cluster_modes,
    var.allowed_patterns,
    var.image,
    var.kms_key_name,
    var.protection_level,
  ]
}

run "a_source_that_is_none" {
  command = plan

  variables {
    image            = null
    function_source  = { archive = "functions/", image_repository = "us-central1-docker.pkg.dev/acme-ci/binauthz", service_account = "projects/acme-ci/serviceAccounts/ci-image@acme-ci.iam.gserviceaccount.com" }
    kms_key_name     = "data"                      # no key
    allowed_patterns = ["us-docker.pkg.dev/*/app"] # a star in the middle
  }

  expect_failures = [
    var.function_source,
    var.kms_key_name,
    var.allowed_patterns,
  ]
}

run "image_and_source" {
  command = plan

  variables {
    function_source  = { archive = "gs://acme-ci-source/binauthz-1.zip", image_repository = "us-central1-docker.pkg.dev/acme-ci/binauthz", service_account = "projects/acme-ci/serviceAccounts/ci-image@acme-ci.iam.gserviceaccount.com" }
    allowed_patterns = ["gcr.io/distroless/**", "docker.io/**"] # a registry where anybody has images
  }

  expect_failures = [
    var.image,
    var.allowed_patterns,
  ]
}

run "a_secret_that_is_not_there" {
  command = plan

  variables {
    channel_secrets = { oncall = "projects/acme-prod/secrets/pagerduty" }
  }

  expect_failures = [data.google_secret_manager_secrets.present]
}

# A warning of the plan: there is no bucket yet, or no record in it.
run "enforcing_in_a_new_project" {
  command = plan

  override_data {
    target = data.google_storage_buckets.evidence
    values = { buckets = [] }
  }

  expect_failures = [check.something_is_attested]
}

run "enforcing_in_one_cluster_without_an_attested_image" {
  command = plan

  variables {
    binary_authorization_mode = "DRYRUN_AUDIT_LOG_ONLY"
    cluster_modes             = { "us-central1.prod" = "ENFORCING" }
  }

  override_data {
    target = data.google_storage_bucket_objects.decisions
    values = { bucket_objects = [] }
  }

  expect_failures = [check.something_is_attested]
}
