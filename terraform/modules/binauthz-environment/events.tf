locals {
  # The environment's own topics, by the names that iam.yaml uses.
  own_topics = {
    decisions    = "${var.environment}-decisions"
    alerts       = "${var.environment}-alerts"
    resign       = "${var.environment}-resign"
    findings     = "${var.environment}-findings"
    audit        = "${var.environment}-audit"
    denials      = "binauthz-denials"
    pushes       = "binauthz-pushes"
    dead-letters = "${var.environment}-dead-letters"
  }

  # Their full names.
  topics = { for name, topic in google_pubsub_topic.own : name => "projects/${var.project}/topics/${topic.name}" }

  # Where images lie in other projects, their pushes and scans are announced there.
  image_projects = setsubtract([for repository in var.repositories : coalesce(repository.project, var.project)], [var.project])

  # Which topic leads to which function. Container Analysis makes its own topic; Artifact Registry writes to the one called gcr.
  routes = merge(
    {
      gcr                               = { topic = local.pushes_topic, function = "sign-image" }
      container-analysis-occurrences-v1 = { topic = "projects/${var.project}/topics/container-analysis-occurrences-v1", function = "sign-image" }
      binauthz-pushes                   = { topic = local.topics["pushes"], function = "sign-image" }
      (local.own_topics.resign)         = { topic = local.topics["resign"], function = "sign-image" }
      binauthz-denials                  = { topic = local.topics["denials"], function = "alert-on-denial" }
      (local.own_topics.audit)          = { topic = local.topics["audit"], function = "audit-attestations" }
    },
    { for pair in setproduct(["gcr", "container-analysis-occurrences-v1"], local.image_projects) : "${pair[0]}-of-${pair[1]}" => { topic = "projects/${pair[1]}/topics/${pair[0]}", function = "sign-image" } },
  )

  pushes_topic      = var.create_gcr_topic ? "projects/${var.project}/topics/${google_pubsub_topic.gcr[0].name}" : "projects/${var.project}/topics/gcr"
  message_retention = "${var.message_retention_days * 86400}s"

  # The queries that the alerting function understands; its own code reads the same file.
  denial_filters = jsondecode(file("${path.module}/../../../functions/BinAuthz/Denials/log-filters.json")).filters
  denial_filter  = join("\nOR ", [for filter in local.denial_filters : "(${join("\n", filter.filter)})"])
  # PushLogEntry.SinkFilter of the signer; a test holds both together.
  push_filter = "protoPayload.serviceName=\"artifactregistry.googleapis.com\" AND protoPayload.methodName:\"Docker-PutManifest\""
}

resource "google_pubsub_topic" "own" {
  for_each = local.own_topics

  project                    = var.project
  name                       = each.value
  message_retention_duration = local.message_retention
  kms_key_name               = var.kms_key_name
  labels                     = var.labels

  message_storage_policy {
    allowed_persistence_regions = [var.location]
  }

  depends_on = [google_project_service.apis, google_kms_crypto_key_iam_member.encryption]
}

resource "google_pubsub_topic" "gcr" {
  count = var.create_gcr_topic ? 1 : 0

  project                    = var.project
  name                       = "gcr"
  message_retention_duration = local.message_retention
  kms_key_name               = var.kms_key_name
  labels                     = var.labels

  depends_on = [google_project_service.apis, google_kms_crypto_key_iam_member.encryption]
}

# Pushed to the functions as the invoker. What fails is delivered again with backoff, and at last kept with the dead letters.
resource "google_pubsub_subscription" "functions" {
  for_each = local.routes

  project                    = var.project
  name                       = startswith(each.key, "${var.environment}-") ? "${each.key}-to-${each.value.function}" : "${var.environment}-${each.key}-to-${each.value.function}"
  topic                      = each.value.topic
  ack_deadline_seconds       = 600 # the longest there is; a function has as long
  message_retention_duration = local.message_retention
  labels                     = var.labels

  push_config {
    # The function reads the topic from the path.
    push_endpoint = "${google_cloud_run_v2_service.functions[each.value.function].uri}/${each.value.topic}"

    oidc_token {
      service_account_email = local.emails["invoker"]
      audience              = google_cloud_run_v2_service.functions[each.value.function].uri
    }
  }

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = local.topics["dead-letters"]
    max_delivery_attempts = each.value.function == "audit-attestations" ? 100 : var.max_delivery_attempts # parts of an audit wait for each other
  }

  expiration_policy {
    ttl = "" # never: else it is deleted after 31 days without a message
  }

  depends_on = [google_project_service.apis, google_pubsub_topic_iam_member.dead_letters]
}

# For whoever wants to be told.
resource "google_pubsub_subscription" "pull" {
  for_each = var.pull_subscriptions

  project                    = var.project
  name                       = google_pubsub_topic.own[each.key].name
  topic                      = local.topics[each.key]
  ack_deadline_seconds       = 60
  message_retention_duration = local.message_retention
  labels                     = var.labels

  retry_policy {
    minimum_backoff = "10s"
    maximum_backoff = "600s"
  }

  dead_letter_policy {
    dead_letter_topic     = local.topics["dead-letters"]
    max_delivery_attempts = var.max_delivery_attempts
  }

  expiration_policy {
    ttl = ""
  }

  depends_on = [google_pubsub_topic_iam_member.dead_letters]
}

# Without a subscription the dead letters would be lost.
resource "google_pubsub_subscription" "dead_letters" {
  project                    = var.project
  name                       = google_pubsub_topic.own["dead-letters"].name
  topic                      = local.topics["dead-letters"]
  ack_deadline_seconds       = 60
  message_retention_duration = local.message_retention
  labels                     = var.labels

  expiration_policy {
    ttl = ""
  }
}

# Dead letters are moved by Pub/Sub's own identity.
resource "google_pubsub_topic_iam_member" "dead_letters" {
  project = var.project
  topic   = google_pubsub_topic.own["dead-letters"].name
  role    = "roles/pubsub.publisher"
  member  = "serviceAccount:${local.agents.pubsub}"
}

resource "google_pubsub_subscription_iam_member" "dead_letters" {
  for_each = merge(
    { for key in keys(local.routes) : key => google_pubsub_subscription.functions[key].name },
    { for key in var.pull_subscriptions : key => google_pubsub_subscription.pull[key].name },
  )

  project      = var.project
  subscription = each.value
  role         = "roles/pubsub.subscriber"
  member       = "serviceAccount:${local.agents.pubsub}"
}

resource "google_logging_project_sink" "denials" {
  project                = var.project
  name                   = "binauthz-denials"
  description            = "What AlertOnDenialFunction tells of: denials, what got past the gate, changes of what is trusted."
  destination            = "pubsub.googleapis.com/${local.topics["denials"]}"
  filter                 = local.denial_filter
  unique_writer_identity = true
}

resource "google_logging_project_sink" "pushes" {
  project                = var.project
  name                   = "binauthz-pushes"
  description            = "Who pushed, for images that wait for the rule pushedBy."
  destination            = "pubsub.googleapis.com/${local.topics["pushes"]}"
  filter                 = local.push_filter
  unique_writer_identity = true
}

resource "google_logging_folder_sink" "denials" {
  for_each = var.folder_sinks

  folder           = each.key
  name             = "binauthz-denials-${var.environment}"
  description      = "What AlertOnDenialFunction of ${var.project} tells of."
  destination      = "pubsub.googleapis.com/${local.topics["denials"]}"
  filter           = local.denial_filter
  include_children = true
}

# Only the sinks may write there: whoever else could would make alerts, or have images weighed.
resource "google_pubsub_topic_iam_binding" "denials" {
  project = var.project
  topic   = google_pubsub_topic.own["denials"].name
  role    = "roles/pubsub.publisher"
  members = concat([google_logging_project_sink.denials.writer_identity], [for folder in var.folder_sinks : google_logging_folder_sink.denials[folder].writer_identity])
}

resource "google_pubsub_topic_iam_binding" "pushes" {
  project = var.project
  topic   = google_pubsub_topic.own["pushes"].name
  role    = "roles/pubsub.publisher"
  members = [google_logging_project_sink.pushes.writer_identity]
}
