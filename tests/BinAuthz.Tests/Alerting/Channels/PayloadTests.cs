using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using BinAuthz.Alerting;
using BinAuthz.Alerting.Channels;
using Json.Schema;

namespace BinAuthz.Tests.Alerting.Channels;

/// <summary>What each service is sent: of its published format, within its limits, and without life in anything that a log says.</summary>
public sealed partial class PayloadTests
{
    private const string RoutingKey = "R0UT1NG";

    private static readonly Dictionary<string, (Func<Alert, byte[]> Write, int Maximum)> Services = new()
    {
        ["slack"] = (SlackChannel.Message, 40_000),
        ["google-chat"] = (GoogleChatChannel.Message, 32_000),
        ["teams"] = (TeamsChannel.Message, 28_000),
        ["pagerduty"] = (alert => PagerDutyChannel.Event(alert, RoutingKey), 512 * 1024),
        ["opsgenie"] = (OpsgenieChannel.Payload, 100_000),
        ["cloudevent"] = (WebhookChannel.Event, 30_000_000),
    };

    private static readonly Dictionary<string, JsonSchema> Schemas = Services.Keys.ToDictionary(name => name, name => JsonSchema.FromText(TestData.Text($"alerts/formats/{name}.schema.json")));

    public static TheoryData<string> Names { get; } = [.. Services.Keys];

    public static TheoryData<string, string> Hostile { get; } =
        new(Services.Keys.Where(service => service != "cloudevent").SelectMany(service => SampleAlerts.Hostile.Keys.Select(text => (service, text))));

    [Theory]
    [MemberData(nameof(Names))]
    public void Payload_EveryAlert_IsOfThePublishedFormat(string service)
    {
        Assert.All(SampleAlerts.All(), sample =>
        {
            var results = Schemas[service].Evaluate(JsonDocument.Parse(Services[service].Write(sample.Alert)).RootElement, new EvaluationOptions { OutputFormat = OutputFormat.List });
            Assert.True(results.IsValid, $"{sample.Name}: {Faults(results)}");
        });
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Payload_EveryAlert_IsWithinTheServicesLimit(string service) =>
        Assert.All(SampleAlerts.All(), sample => Assert.InRange(Services[service].Write(sample.Alert).Length, 1, Services[service].Maximum));

    [Theory]
    [MemberData(nameof(Hostile))]
    public void Payload_HostileText_HasNothingHiddenAndNoMarkup(string service, string text)
    {
        var payload = JsonNode.Parse(Services[service].Write(SampleAlerts.Filled(SampleAlerts.Hostile[text])))!;

        foreach (var (path, value) in Texts(payload))
        {
            Assert.DoesNotMatch(Hidden(), value);
            if (IsMarkup(service, path))
            {
                Assert.DoesNotMatch(Markup(), value);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Payload_LongText_SaysThatItIsCut(string service)
    {
        var json = Encoding.UTF8.GetString(Services[service].Write(SampleAlerts.Filled(new string('x', 200_000))));

        Assert.Contains("more characters)", json, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Payload_Usual_SaysEverything(string service)
    {
        var alert = SampleAlerts.Minimal() with
        {
            Title = "Image denied",
            Detail = "There is no attestation.",
            Command = "binauthz sign us-docker.pkg.dev/acme/app@sha256:00",
            Message = "denied by attestor projects/acme/attestors/prod",
            Facts = [KeyValuePair.Create("image", "us-docker.pkg.dev/acme/app@sha256:00"), KeyValuePair.Create("namespace", "payments")],
            Items = ["17 × web"],
        };

        var json = Encoding.UTF8.GetString(Services[service].Write(alert));

        Assert.All([alert.Title, alert.Detail, alert.Command, alert.Message, "payments", alert.Items[0], "2026-10-01T12:00:00.000Z"], text => Assert.Contains(text, json, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("pagerduty", "dedup_key")]
    [InlineData("opsgenie", "alias")]
    public void Payload_FirstAndSummary_AreOneIncident(string service, string field)
    {
        var first = SampleAlerts.Minimal() with { Id = "1", Group = "production/web" };
        var summary = first with { Id = "2", Stage = AlertStage.Summary };
        var long1 = first with { Group = new string('a', 600) + "1" };
        var long2 = first with { Group = new string('a', 600) + "2" };

        Assert.Equal("production/web", Key(first));
        Assert.Equal(Key(first), Key(summary));
        Assert.NotEqual(Key(long1), Key(long2));
        Assert.NotEqual(Key(SampleAlerts.Minimal(AlertStage.Test) with { Id = "3" }), Key(SampleAlerts.Minimal(AlertStage.Test) with { Id = "4" }));

        string? Key(Alert alert) => (string?)JsonNode.Parse(Services[service].Write(alert))![field];
    }

    [Theory]
    [InlineData(nameof(AlertSeverity.Info), "info", "P5")]
    [InlineData(nameof(AlertSeverity.Warning), "warning", "P3")]
    [InlineData(nameof(AlertSeverity.Error), "error", "P2")]
    [InlineData(nameof(AlertSeverity.Critical), "critical", "P1")]
    public void Payload_Severity_IsTheServices(string severity, string pagerDuty, string opsgenie)
    {
        var alert = SampleAlerts.Minimal() with { Severity = Enum.Parse<AlertSeverity>(severity) };

        Assert.Equal(pagerDuty, (string?)JsonNode.Parse(PagerDutyChannel.Event(alert, RoutingKey))!["payload"]!["severity"]);
        Assert.Equal(opsgenie, (string?)JsonNode.Parse(OpsgenieChannel.Payload(alert))!["priority"]);
    }

    [Fact]
    public void Webhook_Data_IsTheAlert()
    {
        var alert = SampleAlerts.Maximal();

        var data = JsonNode.Parse(WebhookChannel.Event(alert))!["data"]!;

        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(AlertJson.Write(alert)), data));
        Assert.Equal("NotAttested", (string?)data["cause"]);
    }

    [Fact]
    public void Sign_KnownInput_IsHmacSha256()
    {
        // printf '1790000000.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
        var signature = WebhookChannel.Sign("0123456789abcdef", "1790000000", "{\"a\":1}"u8);

        Assert.Equal("v1=d569e4518fe6f4620fd6639233427e7df5e5394d8f14c85c1063b8d90a724dcb", signature);
    }

    // Rich text of Slack and Teams, cards' headers, PagerDuty and keys by which incidents are found are read as they are.
    private static bool IsMarkup(string service, string path) => service switch
    {
        "slack" => !path.Contains("elements", StringComparison.Ordinal),
        "google-chat" => path.Contains("widgets", StringComparison.Ordinal),
        "opsgenie" => !path.EndsWith(".alias", StringComparison.Ordinal),
        _ => false,
    };

    private static IEnumerable<(string Path, string Text)> Texts(JsonNode? node) => node switch
    {
        JsonObject json => json.SelectMany(field => Texts(field.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue value when value.TryGetValue<string>(out var text) => [(value.GetPath(), text)],
        _ => [],
    };

    private static string Faults(EvaluationResults results) =>
        string.Join('\n', (results.Details ?? []).Where(detail => detail.Errors is not null).Select(detail => $"{detail.InstanceLocation}: {string.Join("; ", detail.Errors!.Values)}"));

    [GeneratedRegex(@"[\x00-\x09\x0B-\x1F\x7F-\x9F\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2069\uFEFF]")]
    private static partial Regex Hidden();

    [GeneratedRegex(@"[<>]|&(?!amp;|lt;|gt;)")]
    private static partial Regex Markup();
}
