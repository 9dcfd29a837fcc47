variable "project" {
  description = "The id of the project for building: state, images, identities of pipelines. None of the environments: who may build there must not be who is trusted here."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{4,28}[a-z0-9]$", var.project))
    error_message = "\"${var.project}\" is no project id: write 6 to 30 lower-case letters, digits and dashes, such as acme-ci."
  }

  validation {
    condition     = !contains(values(var.environments), var.project)
    error_message = "\"${var.project}\" is the project of an environment as well: whoever builds could sign. Use a project of its own."
  }
}

variable "location" {
  description = "The region of the state bucket and of the images."
  type        = string
  default     = "us-central1"
}

variable "environments" {
  description = "The projects of the environments, by development, staging and production. Each has identities of its own for pipelines."
  type        = map(string)

  validation {
    condition     = alltrue([for name in keys(var.environments) : contains(["development", "staging", "production"], name)])
    error_message = "environments names something else than development, staging and production."
  }

  validation {
    condition     = length(distinct(values(var.environments))) == length(var.environments)
    error_message = "Two environments share a project: there is one policy in a project, and one topic for pushes. Use a project for each."
  }
}

variable "github" {
  description = "The repository whose workflows deploy: its name and, because names can be registered again by others, the numbers of repository and owner (`gh api repos/OWNER/NAME --jq '.id, .owner.id'`)."
  type = object({
    repository    = string # OWNER/NAME
    repository_id = string
    owner_id      = string
    ref           = optional(string, "refs/heads/main")
  })

  validation {
    condition     = can(regex("^[A-Za-z0-9-]+/[A-Za-z0-9._-]+$", var.github.repository)) && can(regex("^[0-9]+$", var.github.repository_id)) && can(regex("^[0-9]+$", var.github.owner_id))
    error_message = "github is incomplete: write repository as OWNER/NAME, and repository_id and owner_id as numbers: gh api repos/OWNER/NAME --jq '.id, .owner.id'."
  }

  validation {
    condition     = can(regex("^refs/(heads|tags)/[^*]+$", var.github.ref))
    error_message = "github.ref is no branch or tag in full: write refs/heads/main. Pull requests must not deploy."
  }
}

variable "state_bucket" {
  description = "The name of the bucket for terraform's state. Default: PROJECT-terraform-state."
  type        = string
  default     = null
}

variable "repository" {
  description = "The name of the Artifact Registry repository with the functions' image."
  type        = string
  default     = "binauthz"
}
