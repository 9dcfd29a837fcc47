# Watches the functions from outside: Cloud Monitoring tells by its own channels, also when the alerting function fails.

locals {
  service_names = [for name in keys(local.services) : "${var.environment}-${name}"]
  # The lines of the functions, as readiness looks for them too: JSON, or the message alone.
  from_functions = "resource.type=\"cloud_run_revision\" AND resource.labels.service_name=(${join(" OR ", [for name in local.service_names : "\"${name}\""])})"
  says = { for word in ["PoisonEvent", "OperatorNeeded", "DeadlinePassed", "AlertGivenUp"] :
    word => "${local.from_functions} AND (jsonPayload.message=~\"^${word}:\" OR textPayload=~\"^${word}:\")"
  }

  filters = { for filter in local.denial_filters : filter.id => join("\n", filter.filter) }
  # Where the gate was not asked, or was overruled.
  unguarded = ["gke-break-glass", "gke-fail-open", "gdc-break-glass", "gdc-fail-open", "run-break-glass", "run-check-failed"]
  trusted   = ["policy-change", "attestor-change", "access-change", "key-version-change"]

  log_metrics = {
    "${var.environment}-binauthz-poison-events"    = { filter = local.says["PoisonEvent"], why = "Events that a function gave up because they cannot be read." }
    "${var.environment}-binauthz-operator-needed"  = { filter = local.says["OperatorNeeded"], why = "Events that wait until somebody mends something." }
    "${var.environment}-binauthz-deadlines-passed" = { filter = local.says["DeadlinePassed"], why = "Images whose evidence did not come in time." }
    "${var.environment}-binauthz-denials"          = { filter = join("\nOR ", [for id in ["gke-denial", "gdc-denial", "run-denial"] : "(${local.filters[id]})"]), why = "Pods and revisions that were denied." }
    "${var.environment}-binauthz-dry-run-denials"  = { filter = join("\nOR ", [for id in ["gke-dry-run", "gdc-dry-run", "run-dry-run"] : "(${local.filters[id]})"]), why = "What enforcing would have denied." }
    "${var.environment}-binauthz-unguarded"        = { filter = join("\nOR ", [for id in local.unguarded : "(${local.filters[id]})"]), why = "Break-glass, and what ran unchecked." }
  }

  # A condition on log lines stands alone in its policy, and has to say how often it tells. One for each query keeps them short.
  log_alerts = merge(
    {
      poison-event = {
        filter = local.says["PoisonEvent"], severity = "ERROR", title = "An event cannot be read."
        help   = "A copy is in the evidence bucket below poison/; the log line names it. Who publishes to the topic sends something else than the function understands."
      }
      operator-needed = {
        filter = local.says["OperatorNeeded"], severity = "CRITICAL", title = "A function waits for an operator."
        help   = "The log line says what is missing and which command mends it. The event is delivered again by itself. `binauthz doctor ${var.project} ${var.environment}` looks at everything."
      }
      alert-given-up = {
        filter = local.says["AlertGivenUp"], severity = "ERROR", title = "A channel has not taken an alert for a day."
        help   = "The topic ${local.own_topics.alerts} has the alert. Mend the channel, then `binauthz alerts send-test`."
      }
    },
    { for filter in local.denial_filters : filter.id => {
      filter = join("\n", filter.filter), severity = "CRITICAL", title = filter.description
      help   = "`binauthz denials --project ${var.project} --since 24h` says what, where and who."
    } if contains(local.unguarded, filter.id) },
    { for filter in local.denial_filters : filter.id => {
      filter = join("\n", filter.filter), severity = "WARNING", title = filter.description
      help   = "Expected of the rotation (${local.emails["rotator"]}) and of an apply of terraform. Else: `binauthz audit run ${var.environment} --project ${var.project}`."
    } if contains(local.trusted, filter.id) },
  )
}

resource "google_logging_metric" "counts" {
  for_each = local.log_metrics

  project     = var.project
  name        = each.key
  description = each.value.why
  filter      = each.value.filter

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
  }
}

# How decisions end, by outcome, such as signed, rejected and not_ready.
resource "google_logging_metric" "decisions" {
  project     = var.project
  name        = "${var.environment}-binauthz-decisions"
  description = "Evaluations of images, by how they ended."
  filter      = "${local.from_functions} AND jsonPayload.format_parameters.Outcome:*"

  label_extractors = { outcome = "EXTRACT(jsonPayload.format_parameters.Outcome)" }

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"

    labels {
      key         = "outcome"
      description = "How it ended."
    }
  }
}

resource "google_monitoring_alert_policy" "logs" {
  for_each = local.log_alerts

  project               = var.project
  display_name          = "Binary Authorization, ${var.environment}: ${each.value.title}"
  combiner              = "OR"
  severity              = each.value.severity
  notification_channels = var.notification_channels

  conditions {
    display_name = each.value.title

    condition_matched_log {
      filter = each.value.filter
    }
  }

  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "3600s"
    }
  }

  documentation {
    content = each.value.help
  }

  depends_on = [google_project_service.apis]
}

resource "google_monitoring_alert_policy" "dead_letters" {
  project               = var.project
  display_name          = "Binary Authorization, ${var.environment}: dead letters"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = var.notification_channels

  conditions {
    display_name = "a message could not be delivered"

    condition_threshold {
      filter          = "resource.type = \"pubsub_subscription\" AND resource.labels.subscription_id = \"${google_pubsub_subscription.dead_letters.name}\" AND metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"

      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  documentation {
    content = "The attributes of a dead letter name its subscription. Mend the cause (`binauthz doctor ${var.project} ${var.environment}`), then publish it again to its topic and acknowledge it. After ${var.message_retention_days} days it is gone."
  }

  depends_on = [google_project_service.apis]
}

# What is not signed while this lasts cannot be deployed.
resource "google_monitoring_alert_policy" "signing" {
  project               = var.project
  display_name          = "Binary Authorization, ${var.environment}: signing fails"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = var.notification_channels

  conditions {
    display_name = "events wait for the signer for more than 15 minutes"

    condition_threshold {
      filter = join(" AND ", [
        "resource.type = \"pubsub_subscription\"",
        "resource.labels.subscription_id = one_of(${join(", ", [for key, route in local.routes : "\"${google_pubsub_subscription.functions[key].name}\"" if route.function == "sign-image"])})",
        "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\"",
      ])
      comparison      = "COMPARISON_GT"
      threshold_value = 900
      duration        = "300s"

      aggregations {
        alignment_period   = "60s"
        per_series_aligner = "ALIGN_MAX"
      }
    }
  }

  conditions {
    display_name = "the signer answers errors"

    condition_threshold {
      filter          = "resource.type = \"cloud_run_revision\" AND resource.labels.service_name = \"${var.environment}-sign-image\" AND metric.type = \"run.googleapis.com/request_count\" AND metric.labels.response_code_class = \"5xx\""
      comparison      = "COMPARISON_GT"
      threshold_value = 10
      duration        = "0s"

      aggregations {
        alignment_period     = "900s"
        per_series_aligner   = "ALIGN_DELTA"
        cross_series_reducer = "REDUCE_SUM"
      }
    }
  }

  documentation {
    content = "The log lines of ${var.environment}-sign-image say why. One 5xx is a delivery that is tried again."
  }

  depends_on = [google_project_service.apis]
}

# Rotation and audit that do not run are noticed by nobody else.
resource "google_monitoring_alert_policy" "schedules" {
  project               = var.project
  display_name          = "Binary Authorization, ${var.environment}: a schedule fails"
  combiner              = "OR"
  severity              = "ERROR"
  notification_channels = var.notification_channels

  conditions {
    display_name = "a job of Cloud Scheduler ended in an error"

    condition_matched_log {
      filter = "resource.type=\"cloud_scheduler_job\" AND resource.labels.job_id=(${join(" OR ", [for job in concat(values(google_cloud_scheduler_job.http)[*].name, [google_cloud_scheduler_job.sweep.name]) : "\"${job}\""])}) AND severity>=ERROR"
    }
  }

  alert_strategy {
    auto_close = "86400s"

    notification_rate_limit {
      period = "21600s"
    }
  }

  documentation {
    content = "The function's log lines at that time say why. A rotation goes on with the next hour, an audit is asked for three times more."
  }

  depends_on = [google_project_service.apis]
}

locals {
  charts = [
    { title = "Decisions, by outcome", filter = "metric.type = \"logging.googleapis.com/user/${google_logging_metric.decisions.name}\"", by = ["metric.label.outcome"], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM" },
    { title = "Denied, or would have been", filter = "metric.type = monitoring.regex.full_match(\"logging.googleapis.com/user/${var.environment}-binauthz-(denials|dry-run-denials|unguarded)\")", by = ["metric.type"], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM" },
    { title = "Waits for somebody", filter = "metric.type = monitoring.regex.full_match(\"logging.googleapis.com/user/${var.environment}-binauthz-(poison-events|operator-needed|deadlines-passed)\")", by = ["metric.type"], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM" },
    { title = "Oldest message, seconds", filter = "metric.type = \"pubsub.googleapis.com/subscription/oldest_unacked_message_age\" AND resource.type = \"pubsub_subscription\" AND resource.label.subscription_id = starts_with(\"${var.environment}-\")", by = ["resource.label.subscription_id"], aligner = "ALIGN_MAX", reducer = "REDUCE_MAX" },
    { title = "Dead letters", filter = "metric.type = \"pubsub.googleapis.com/subscription/num_undelivered_messages\" AND resource.type = \"pubsub_subscription\" AND resource.label.subscription_id = \"${google_pubsub_subscription.dead_letters.name}\"", by = [], aligner = "ALIGN_MAX", reducer = "REDUCE_MAX" },
    { title = "Answers, by function and class", filter = "metric.type = \"run.googleapis.com/request_count\" AND resource.type = \"cloud_run_revision\" AND resource.label.service_name = starts_with(\"${var.environment}-\")", by = ["resource.label.service_name", "metric.label.response_code_class"], aligner = "ALIGN_DELTA", reducer = "REDUCE_SUM" },
  ]
}

resource "google_monitoring_dashboard" "binauthz" {
  project = var.project

  dashboard_json = jsonencode({
    displayName = "Binary Authorization, ${var.environment}"
    mosaicLayout = {
      columns = 12
      tiles = [for index, chart in local.charts : {
        xPos   = (index % 2) * 6
        yPos   = floor(index / 2) * 4
        width  = 6
        height = 4
        widget = {
          title = chart.title
          xyChart = {
            dataSets = [{
              plotType = "LINE"
              timeSeriesQuery = {
                timeSeriesFilter = {
                  filter = chart.filter
                  aggregation = {
                    alignmentPeriod    = "300s"
                    perSeriesAligner   = chart.aligner
                    crossSeriesReducer = chart.reducer
                    groupByFields      = chart.by
                  }
                }
              }
            }]
          }
        }
      }]
    }
  })

  depends_on = [google_project_service.apis]
}
