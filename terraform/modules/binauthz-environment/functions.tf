locals {
  # The four functions. FUNCTION_TARGET is the name of the class.
  services = {
    sign-image         = { target = "SignImageFunction", identity = "signer", file = "approval", cpu = "1", memory = "512Mi", concurrency = 20, min = 0, max = 10, timeout = 600 }
    alert-on-denial    = { target = "AlertOnDenialFunction", identity = "alerter", file = "alerts", cpu = "1", memory = "512Mi", concurrency = 20, min = 0, max = 5, timeout = 600 }
    rotate-key         = { target = "RotateKeyFunction", identity = "rotator", file = "approval", cpu = "1", memory = "512Mi", concurrency = 1, min = 0, max = 1, timeout = 900 }
    audit-attestations = { target = "AuditAttestationsFunction", identity = "auditor", file = "approval", cpu = "2", memory = "1Gi", concurrency = 1, min = 0, max = 1, timeout = 1800 }
  }
  sizes = { for name, service in local.services : name => {
    for field in ["cpu", "memory", "concurrency", "min", "max", "timeout"] : field => try(coalesce(var.services[name][field], service[field]), service[field])
  } }

  # The policies, mounted from Secret Manager; a secret's name and its version.
  files = { approval = var.approval, alerts = var.alerts }

  # Configuration keys of the top README.md, by function; BinAuthz__ is put before them.
  settings = {
    sign-image = {
      Approval       = "/etc/binauthz/approval/approval.yaml"
      DecisionsTopic = local.topics["decisions"]
      EvidenceBucket = google_storage_bucket.evidence.name
      Key            = local.attestor_key
    }
    alert-on-denial = {
      Alerts         = "/etc/binauthz/alerts/alerts.yaml"
      EvidenceBucket = google_storage_bucket.evidence.name
    }
    rotate-key = {
      Approval                        = "/etc/binauthz/approval/approval.yaml"
      EvidenceBucket                  = google_storage_bucket.evidence.name
      Key                             = local.attestor_key
      Rotation__Lifetime              = "${var.rotation.lifetime_days}.00:00:00"
      Rotation__Overlap               = "${var.rotation.overlap_days}.00:00:00"
      Rotation__DisabledBeforeDestroy = "${var.rotation.disabled_before_destroy_days}.00:00:00"
      Rotation__ImagesPerMinute       = tostring(var.rotation.images_per_minute)
    }
    audit-attestations = merge(
      {
        Approval               = "/etc/binauthz/approval/approval.yaml"
        EvidenceBucket         = google_storage_bucket.evidence.name
        Key                    = local.attestor_key
        Audit__Key             = local.audit_key
        Audit__FindingsTopic   = local.topics["findings"]
        Audit__ProtectionLevel = lower(local.protection_level)
        Rotation__Lifetime     = "${var.rotation.lifetime_days}.00:00:00" # a version that is older is a finding
      },
      { for index, name in sort(keys(var.repositories)) : "Audit__Repositories__${index}" => join("/", [
        "projects", coalesce(var.repositories[name].project, var.project),
        "locations", coalesce(var.repositories[name].location, var.location),
        "repositories", var.repositories[name].name,
      ]) },
      { for index, project in var.audited_projects : "Audit__Projects__${index}" => project },
      { for index, cluster in var.audited_clusters : "Audit__Clusters__${index}" => cluster },
      { for index, pattern in var.allowed_patterns : "Audit__Allowed__${index}" => pattern },
      { for index, member in var.administrators : "Audit__Administrators__${index}" => member },
    )
  }

  used_secrets    = merge(local.secrets.approval, local.secrets.alerts, { for name, secret in var.channel_secrets : "channel ${name}" => secret })
  secret_projects = toset([for secret in values(local.used_secrets) : split("/", secret)[1]])
  secret_names    = { for project in local.secret_projects : project => [for secret in values(local.used_secrets) : split("/", secret)[3] if split("/", secret)[1] == project] }
}

# Whether the secrets are there, by name; what is in them is not read.
data "google_secret_manager_secrets" "present" {
  for_each = local.secret_projects

  project = each.key

  lifecycle {
    postcondition {
      condition     = length(setsubtract(local.secret_names[each.key], self.secrets[*].secret_id)) == 0
      error_message = "The project ${each.key} has no secret ${join(", ", setsubtract(local.secret_names[each.key], self.secrets[*].secret_id))}. Make it before the functions, which do not start without: gcloud secrets create NAME --project=${each.key} --data-file=FILE."
    }
  }
}

resource "google_cloud_run_v2_service" "functions" {
  for_each = local.services

  project             = var.project
  location            = var.location
  name                = "${var.environment}-${each.key}"
  description         = each.value.target
  ingress             = "INGRESS_TRAFFIC_INTERNAL_ONLY" # Pub/Sub and Cloud Scheduler of the project are inside
  deletion_protection = local.deletion_protection
  labels              = var.labels

  dynamic "build_config" {
    for_each = var.function_source == null ? [] : [var.function_source]

    content {
      source_location          = build_config.value.archive
      function_target          = each.value.target
      image_uri                = "${build_config.value.image_repository}/${var.environment}-${each.key}"
      base_image               = coalesce(build_config.value.base_image, "${var.location}-docker.pkg.dev/serverless-runtimes/google-24/runtimes/dotnet10")
      enable_automatic_updates = build_config.value.enable_automatic_updates
      service_account          = build_config.value.service_account

      environment_variables = {
        GOOGLE_BUILDABLE          = "functions/BinAuthz.Functions/BinAuthz.Functions.csproj"
        GOOGLE_DOTNET_SDK_VERSION = "10.0.*"
        UseGoogleCloudPackages    = "true"
      }
    }
  }

  template {
    service_account                  = local.emails[each.value.identity]
    timeout                          = "${local.sizes[each.key].timeout}s"
    max_instance_request_concurrency = local.sizes[each.key].concurrency
    encryption_key                   = var.kms_key_name
    execution_environment            = "EXECUTION_ENVIRONMENT_GEN2"
    labels                           = var.labels

    scaling {
      min_instance_count = local.sizes[each.key].min
      max_instance_count = local.sizes[each.key].max
    }

    containers {
      image = var.image != null ? var.image : "${var.function_source.image_repository}/${var.environment}-${each.key}"

      resources {
        limits            = { cpu = local.sizes[each.key].cpu, memory = local.sizes[each.key].memory }
        cpu_idle          = true
        startup_cpu_boost = true
      }

      # The host has no path of its own for health: every path is the function's. A function that cannot be configured exits
      # before it listens.
      startup_probe {
        period_seconds    = 1
        timeout_seconds   = 1
        failure_threshold = 30

        tcp_socket {
          port = 8080
        }
      }

      ports {
        container_port = 8080
      }

      dynamic "env" {
        for_each = merge(
          { for name, value in local.settings[each.key] : "BinAuthz__${name}" => value },
          {
            BinAuthz__Location          = var.location
            DOTNET_RUNNING_IN_CONTAINER = "true" # the host then listens on all addresses
            FUNCTION_TARGET             = each.value.target
            GOOGLE_CLOUD_PROJECT        = var.project # completes the names of traces
          },
        )

        content {
          name  = env.key
          value = env.value
        }
      }

      volume_mounts {
        name       = each.value.file
        mount_path = "/etc/binauthz/${each.value.file}"
      }
    }

    volumes {
      name = each.value.file

      secret {
        secret = local.files[each.value.file].secret

        items {
          version = local.files[each.value.file].version
          path    = "${each.value.file}.yaml"
        }
      }
    }

    dynamic "vpc_access" {
      for_each = var.vpc_access == null ? [] : [var.vpc_access]

      content {
        egress = "ALL_TRAFFIC"

        network_interfaces {
          network    = vpc_access.value.network
          subnetwork = vpc_access.value.subnetwork
        }
      }
    }
  }

  depends_on = [google_project_service.apis, google_secret_manager_secret_iam_member.secret, data.google_secret_manager_secrets.present]
}

# Rotation and audit are asked over HTTP, with the time that they are due in a header, as the invoker.
resource "google_cloud_scheduler_job" "http" {
  for_each = {
    rotate-key         = { schedule = var.schedules.rotate, retries = 0, why = "the next hour goes on where this one stopped" }
    audit-attestations = { schedule = var.schedules.audit, retries = 3, why = "asked again with the same time it makes the same report" }
  }

  project          = var.project
  region           = var.location
  name             = "${var.environment}-${each.key}"
  description      = "Asks ${local.services[each.key].target}; ${each.value.why}."
  schedule         = each.value.schedule
  time_zone        = "Etc/UTC"
  attempt_deadline = "${local.sizes[each.key].timeout}s"
  paused           = var.pause_schedules

  retry_config {
    retry_count          = each.value.retries
    min_backoff_duration = "60s"
    max_backoff_duration = "600s"
  }

  http_target {
    uri         = google_cloud_run_v2_service.functions[each.key].uri
    http_method = "POST"
    headers     = { "Content-Type" = "application/json" }
    body        = base64encode("{}")

    oidc_token {
      service_account_email = local.emails["invoker"]
      audience              = google_cloud_run_v2_service.functions[each.key].uri
    }
  }

  depends_on = [google_project_service.apis]
}

# The sweep is a message among the denials, which the subscription pushes as the invoker.
resource "google_cloud_scheduler_job" "sweep" {
  project     = var.project
  region      = var.location
  name        = "${var.environment}-sweep-alerts"
  description = "Has AlertOnDenialFunction do what is due: summaries, and channels that failed."
  schedule    = var.schedules.sweep
  time_zone   = "Etc/UTC"
  paused      = var.pause_schedules

  pubsub_target {
    topic_name = local.topics["denials"]
    data       = base64encode("{\"sweep\":true}")
  }

  depends_on = [google_project_service.apis]
}
