# What comes out of the variables.

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

run "production" {
  command = plan

  assert {
    condition     = google_kms_crypto_key.attestor.version_template[0].protection_level == "HSM" && google_kms_crypto_key.attestor.destroy_scheduled_duration == "2592000s"
    error_message = "The signing key of production is not in a hardware module, or is destroyed sooner than after 30 days."
  }

  assert {
    condition = alltrue([for rule in google_binary_authorization_policy.policy[0].default_admission_rule :
      rule.evaluation_mode == "REQUIRE_ATTESTATION" && rule.enforcement_mode == "ENFORCED_BLOCK_AND_AUDIT_LOG" && tolist(rule.require_attestations_by) == tolist(["projects/acme-prod/attestors/production-attestor"])
    ])
    error_message = "ENFORCING does not block."
  }

  assert {
    condition     = google_kms_crypto_key_iam_binding.key["roles/cloudkms.signer key"].members == toset(["serviceAccount:production-signer@acme-prod.iam.gserviceaccount.com"])
    error_message = "Somebody besides the signer may sign."
  }

  assert {
    condition     = google_binary_authorization_attestor_iam_binding.attestor["roles/binaryauthorization.attestorsEditor attestor"].members == toset(["serviceAccount:production-rotator@acme-prod.iam.gserviceaccount.com"])
    error_message = "Somebody besides the rotator may change what the attestor trusts."
  }

  assert {
    condition     = alltrue([for subscription in google_pubsub_subscription.functions : length(subscription.dead_letter_policy) == 1 && length(subscription.retry_policy) == 1 && subscription.expiration_policy[0].ttl == "" && subscription.push_config[0].oidc_token[0].service_account_email == "production-invoker@acme-prod.iam.gserviceaccount.com"])
    error_message = "A subscription loses messages, or pushes without an identity."
  }

  assert {
    condition     = alltrue([for service in google_cloud_run_v2_service.functions : service.ingress == "INGRESS_TRAFFIC_INTERNAL_ONLY" && service.deletion_protection])
    error_message = "A function can be reached from outside, or deleted by the way."
  }

  assert {
    condition     = alltrue([for name in ["rotate-key", "audit-attestations"] : google_cloud_run_v2_service.functions[name].template[0].max_instance_request_concurrency == 1 && google_cloud_run_v2_service.functions[name].template[0].scaling[0].max_instance_count == 1])
    error_message = "Two rotations or audits may run at once."
  }

  assert {
    condition     = google_storage_bucket.evidence.retention_policy[0].retention_period == 34560000 && google_storage_bucket.evidence.public_access_prevention == "enforced" && google_storage_bucket.evidence.uniform_bucket_level_access
    error_message = "Evidence is not kept for 400 days, or not kept private."
  }

  assert {
    condition     = output.cluster_evaluation_mode == "PROJECT_SINGLETON_POLICY_ENFORCE"
    error_message = "The clusters would not ask the policy."
  }
}

run "dry_run" {
  command = plan

  variables {
    binary_authorization_mode = "DRYRUN_AUDIT_LOG_ONLY"
  }

  assert {
    condition     = alltrue([for rule in google_binary_authorization_policy.policy[0].default_admission_rule : rule.evaluation_mode == "REQUIRE_ATTESTATION" && rule.enforcement_mode == "DRYRUN_AUDIT_LOG_ONLY" && length(rule.require_attestations_by) == 1])
    error_message = "A dry run asks for no attestation, or blocks."
  }

  assert {
    condition     = length(data.google_storage_bucket_objects.decisions) == 0
    error_message = "The bucket is listed where nothing is enforced."
  }
}

run "disabled" {
  command = plan

  variables {
    binary_authorization_mode = "DISABLED"
  }

  assert {
    condition     = alltrue([for rule in google_binary_authorization_policy.policy[0].default_admission_rule : rule.evaluation_mode == "ALWAYS_ALLOW" && rule.enforcement_mode == "ENFORCED_BLOCK_AND_AUDIT_LOG" && length(coalesce(rule.require_attestations_by, [])) == 0])
    error_message = "The API takes no attestor with ALWAYS_ALLOW."
  }

  assert {
    condition     = output.cluster_evaluation_mode == "DISABLED"
    error_message = "The clusters would ask a policy that lets everything run."
  }
}

run "with_every_option" {
  command = plan

  variables {
    cluster_modes       = { "us-central1.sandbox" = "DRYRUN_AUDIT_LOG_ONLY", "us-central1-a.lab" = "DISABLED" }
    allowed_patterns    = ["gcr.io/distroless/**", "us-docker.pkg.dev/acme-tools/proxy/envoy"]
    image               = null
    function_source     = { archive = "gs://acme-ci-source/binauthz-1.zip", image_repository = "us-central1-docker.pkg.dev/acme-ci/binauthz", service_account = "projects/acme-ci/serviceAccounts/ci-image@acme-ci.iam.gserviceaccount.com" }
    kms_key_name        = "projects/acme-keys/locations/us-central1/keyRings/data/cryptoKeys/binauthz"
    vpc_access          = { network = "binauthz", subnetwork = "binauthz-us-central1" }
    attestor_deployers  = { acme-shop = "987654321098" }
    attestation_readers = ["serviceAccount:deploy@acme-prod.iam.gserviceaccount.com"]
    image_deployers     = ["serviceAccount:ci-deploy-production@acme-ci.iam.gserviceaccount.com"]
    folder_sinks        = ["folders/1234"]
    audited_projects    = ["acme-prod", "acme-shop"]
    repositories        = { app = { name = "app" }, shop = { name = "shop", project = "acme-images", location = "europe-west1" } }
    create_gcr_topic    = false
    services            = { sign-image = { min = 1, memory = "1Gi" } }
  }

  assert {
    condition     = alltrue([for topic in google_pubsub_topic.own : topic.kms_key_name == var.kms_key_name]) && google_storage_bucket.evidence.encryption[0].default_kms_key_name == var.kms_key_name && alltrue([for service in google_cloud_run_v2_service.functions : service.template[0].encryption_key == var.kms_key_name])
    error_message = "Something is not encrypted with the key that was asked for."
  }

  assert {
    condition     = google_binary_authorization_attestor_iam_member.deployers["acme-shop"].member == "serviceAccount:service-987654321098@gcp-sa-binaryauthorization.iam.gserviceaccount.com"
    error_message = "The other project cannot verify with the attestor."
  }

  assert {
    condition     = google_cloud_run_v2_service.functions["sign-image"].template[0].scaling[0].min_instance_count == 1 && google_cloud_run_v2_service.functions["sign-image"].template[0].scaling[0].max_instance_count == 10 && google_cloud_run_v2_service.functions["sign-image"].template[0].containers[0].resources[0].limits.memory == "1Gi"
    error_message = "A size that was given is not taken, or one that was not given is lost."
  }

  assert {
    condition     = google_pubsub_subscription.functions["gcr"].topic == "projects/acme-prod/topics/gcr" && length(google_pubsub_topic.gcr) == 0
    error_message = "The topic that is there is made anew, or not subscribed to."
  }

  assert {
    condition     = google_pubsub_subscription.functions["gcr-of-acme-images"].topic == "projects/acme-images/topics/gcr" && google_project_iam_member.elsewhere["signer acme-images"].role == "roles/containeranalysis.occurrences.viewer"
    error_message = "Pushes and scans of another project's images are not heard of."
  }

  assert {
    condition     = length([for grant in google_project_iam_member.elsewhere : grant if grant.project == "acme-shop"]) == 6
    error_message = "The clusters of another project are not audited."
  }

  assert {
    condition     = length(google_service_account_iam_member.deployers) == 4
    error_message = "The image cannot be deployed."
  }

  assert {
    condition     = { for rule in google_binary_authorization_policy.policy[0].cluster_admission_rules : rule.cluster => "${rule.evaluation_mode} ${rule.enforcement_mode}" } == { "us-central1.sandbox" = "REQUIRE_ATTESTATION DRYRUN_AUDIT_LOG_ONLY", "us-central1-a.lab" = "ALWAYS_ALLOW ENFORCED_BLOCK_AND_AUDIT_LOG" }
    error_message = "The rules of the clusters are not their modes."
  }

  assert {
    condition     = { for name, service in google_cloud_run_v2_service.functions : name => service.build_config[0].function_target } == { sign-image = "SignImageFunction", alert-on-denial = "AlertOnDenialFunction", rotate-key = "RotateKeyFunction", audit-attestations = "AuditAttestationsFunction" }
    error_message = "A function is built of another class."
  }

  assert {
    condition     = endswith(google_cloud_run_v2_service.functions["sign-image"].build_config[0].base_image, "/dotnet10")
    error_message = "It is built for another runtime."
  }
}
