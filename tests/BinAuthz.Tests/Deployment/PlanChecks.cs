using System.Text.RegularExpressions;
using BinAuthz.Approval.Pushes;
using BinAuthz.Denials;
using BinAuthz.Functions;
using BinAuthz.GoogleCloud;
using static BinAuthz.Tests.Deployment.PlannedEnvironment;

namespace BinAuthz.Tests.Deployment;

/// <summary>Holds what terraform plans to what the code is, and the reverse. Each check gives the mistakes that it finds.</summary>
internal static partial class PlanChecks
{
    private static readonly string[] Targets = [.. typeof(SignImageFunction).Assembly.GetTypes().Where(type => type is { IsClass: true, IsAbstract: false } && type.Name.EndsWith("Function", StringComparison.Ordinal)).Select(type => type.Name)];

    /// <summary>All checks.</summary>
    public static IReadOnlyList<string> All(PlannedEnvironment plan) =>
        [.. Functions(plan), .. SettingChecks.All(plan), .. Topics(plan), .. Routes(plan), .. Sinks(plan), .. Events(plan), .. GrantPlanChecks.All(plan)];

    /// <summary>Every function of the code is deployed under the name of its class, and nothing else is.</summary>
    public static IEnumerable<string> Functions(PlannedEnvironment plan)
    {
        var deployed = plan.Settings.ToDictionary(service => service.Key, service => service.Value.GetValueOrDefault("FUNCTION_TARGET", ""));
        foreach (var (service, target) in deployed.Where(each => !Targets.Contains(each.Value)))
        {
            yield return $"The service {service} runs '{target}', which is no function of the code.";
        }

        foreach (var (service, target) in deployed.Where(each => Targets.Contains(each.Value) && each.Key != $"{plan.Environment}-{Kebab(each.Value)}"))
        {
            yield return $"The service {service} of {target} should be called {plan.Environment}-{Kebab(target)}.";
        }

        foreach (var target in Targets.Except(deployed.Values))
        {
            yield return $"The function {target} is not deployed.";
        }
    }

    /// <summary>Every topic of the code is made, and no other.</summary>
    public static IEnumerable<string> Topics(PlannedEnvironment plan)
    {
        var (project, environment) = (plan.Project, plan.Environment.Name);
        string[] needed =
        [
            $"projects/{project}/topics/{EventTopics.Pushes}", $"projects/{project}/topics/{EventTopics.PushEntries}", $"projects/{project}/topics/{EventTopics.Denials}",
            DecisionsTopic.Default(project, environment).Name, AlertsTopic.Of(project, environment), EventTopics.Resign(project, environment),
            EventTopics.Findings(project, environment), EventTopics.Audit(project, environment), EventTopics.DeadLetters(project, environment).Topic,
        ];
        string[] made = [.. plan.All("google_pubsub_topic").Select(topic => $"projects/{Text(topic, "project")}/topics/{Text(topic, "name")}")];
        return needed.Except(made).Select(topic => $"The topic {topic} is not made.").Concat(made.Except(needed).Select(topic => $"The topic {topic} is made, and nothing in the code uses it."));
    }

    /// <summary>Each topic that leads to a function is pushed to it as the invoker, and what always fails is kept.</summary>
    public static IEnumerable<string> Routes(PlannedEnvironment plan)
    {
        var (project, environment) = (plan.Project, plan.Environment.Name);
        var (deadLetters, keeper) = EventTopics.DeadLetters(project, environment);
        Dictionary<string, string> routes = new()
        {
            [$"projects/{project}/topics/{EventTopics.Pushes}"] = nameof(SignImageFunction),
            [$"projects/{project}/topics/{EventTopics.Occurrences}"] = nameof(SignImageFunction),
            [$"projects/{project}/topics/{EventTopics.PushEntries}"] = nameof(SignImageFunction),
            [EventTopics.Resign(project, environment)] = nameof(SignImageFunction),
            [$"projects/{project}/topics/{EventTopics.Denials}"] = nameof(AlertOnDenialFunction),
            [EventTopics.Audit(project, environment)] = nameof(AuditAttestationsFunction),
        };
        var pushed = plan.All("google_pubsub_subscription").Where(each => Items(each, "push_config").Any()).ToLookup(each => Text(each, "topic"));
        foreach (var (topic, function) in routes.Where(route => !pushed[route.Key].Any(each => Text(each, "name").EndsWith($"-to-{Kebab(route.Value)}", StringComparison.Ordinal))))
        {
            yield return $"The topic {topic} does not lead to {function}.";
        }

        foreach (var each in pushed.SelectMany(each => each))
        {
            var invoker = string.Concat(Items(each, "push_config").SelectMany(push => Items(push, "oidc_token")).Select(token => Text(token, "service_account_email")));
            if (!routes.ContainsKey(Text(each, "topic")) || invoker != plan.Names.Email("invoker") || Items(each, "dead_letter_policy").All(policy => Text(policy, "dead_letter_topic") != deadLetters))
            {
                yield return $"The subscription {Text(each, "name")} has a topic that no function reads, another invoker or other dead letters.";
            }
        }

        if (plan.All("google_pubsub_subscription").All(each => Text(each, "name") != keeper[(keeper.LastIndexOf('/') + 1)..] || Text(each, "topic") != deadLetters))
        {
            yield return $"Nothing keeps what goes to {deadLetters}.";
        }
    }

    /// <summary>The sinks have the queries of the code.</summary>
    public static IEnumerable<string> Sinks(PlannedEnvironment plan)
    {
        var (denials, pushes) = (Copied(EventTopics.Denials, LogFilters.Sink), Copied(EventTopics.PushEntries, PushLogEntry.SinkFilter));
        LogSinkDescription[] planned = [.. plan.All("google_logging_project_sink").Select(sink => new LogSinkDescription(Text(sink, "name"), Text(sink, "destination"), Text(sink, "filter"), Text(sink, "disabled") == "true"))];
        return new[] { denials, pushes }.Where(needed => !planned.Any(sink => !sink.IsDisabled && sink.Copies(needed))).Select(needed => $"No sink copies to {needed.Destination} what the code's filter finds.")
            .Concat(planned.Where(sink => !sink.Copies(denials) && !sink.Copies(pushes)).Select(sink => $"The filter or the destination of the sink {sink.Name} is none of the code's."));

        LogSinkDescription Copied(string topic, string filter) => new(topic, $"{LogSinkDescription.TopicPrefix}projects/{plan.Project}/topics/{topic}", filter, IsDisabled: false);
    }

    /// <summary>Metrics and alerts look for lines that the code writes, and for entries by its own queries.</summary>
    public static IEnumerable<string> Events(PlannedEnvironment plan)
    {
        var code = string.Join('\n', Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "functions"), "*.cs", SearchOption.AllDirectories).SelectMany(File.ReadLines).Where(line => line.Contains("[LoggerMessage(", StringComparison.Ordinal)));
        var filters = plan.All("google_logging_metric").Select(metric => Text(metric, "filter")).Concat(plan.All("google_monitoring_alert_policy")
            .SelectMany(policy => Items(policy, "conditions")).SelectMany(condition => Items(condition, "condition_matched_log")).Select(log => Text(log, "filter")));
        foreach (var filter in filters.Distinct())
        {
            string[] unknown =
            [
                .. LoggedWord().Matches(filter).Select(match => match.Groups[1].Value).Where(word => !code.Contains($", \"{word}: ", StringComparison.Ordinal)),
                .. Parameter().Matches(filter).Select(match => match.Groups[1].Value).Where(name => !code.Contains($"{{{name}}}", StringComparison.Ordinal)),
                .. filter.Contains("protoPayload", StringComparison.Ordinal) ? Queries(filter).Where(query => LogFilters.All.All(known => known.Filter != query)) : [],
            ];
            foreach (var word in unknown)
            {
                yield return $"A metric or alert looks for '{word}', which the code neither writes nor asks for.";
            }
        }
    }

    private static string[] Queries(string filter) => filter.StartsWith('(') ? filter[1..^1].Split(")\nOR (") : [filter];

    private static string Kebab(string function) => InnerCapital().Replace(function[..^"Function".Length], "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex InnerCapital();

    [GeneratedRegex(@"(?:jsonPayload\.message|textPayload)=~""\^(\w+):""")]
    private static partial Regex LoggedWord();

    [GeneratedRegex(@"jsonPayload\.format_parameters\.(\w+)")]
    private static partial Regex Parameter();
}
