using System.Text.Json;
using System.Text.Json.Nodes;
using BinAuthz.Alerting;
using BinAuthz.Denials;
using Json.Schema;

namespace BinAuthz.Tests.Alerting;

public sealed class AlertMessageTests
{
    private static readonly JsonSchema Schema = JsonSchema.FromText(File.ReadAllText(Path.Combine(SourceTree.Root, "functions/BinAuthz/Alerting/alert.schema.json")));

    private static readonly string[] Texts =
    [
        "web:1", "", "<!channel> *bold* <script>alert(1)</script>", "one\r\ntwo\u2028three\0", "\ud800 half a pair", "\"},{\"stage\":\"test\"", new string('x', 100_000),
    ];

    [Fact]
    public void Write_AnyText_KeepsToTheSchemaAndIsReadBack() => Assert.All(Texts, text =>
    {
        var finding = AlertSamples.Denial with { Image = text, Namespace = text, Workload = text, Message = text, Justification = text };
        var claim = AlertSamples.Claim(finding, new Diagnosis(DiagnosisCause.NotAttested, text, text, text) { Commit = text, RefusalCodes = [text] });
        var count = new AlertCount(59, AlertSamples.Now, AlertSamples.Now.AddMinutes(12)).With(claim.Opening.Entry);

        foreach (var alert in new[] { claim.First, AlertComposer.Summary(claim, count), AlertComposer.Digest("digest.1", [(claim.First, count)]) })
        {
            var json = AlertJson.Write(alert);
            Assert.True(Schema.Evaluate(JsonDocument.Parse(json).RootElement).IsValid);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(json), JsonNode.Parse(AlertJson.Write(AlertJson.Read(JsonDocument.Parse(json).RootElement)))));
            Assert.DoesNotContain(alert.Title, each => char.IsControl(each) || each is '\u2028');
            Assert.InRange(alert.Title.Length, 1, 300);
        }
    });

    [Theory]
    [InlineData("stage", "third")]
    [InlineData("cause", "Whatever")]
    [InlineData("other", "x")]
    public void Schema_OtherDocument_IsRefused(string field, string value)
    {
        var json = JsonNode.Parse(AlertJson.Write(AlertSamples.Claim(AlertSamples.Denial).First))!;
        json[field] = value;

        Assert.False(Schema.Evaluate(JsonDocument.Parse(json.ToJsonString()).RootElement).IsValid);
    }

    [Fact]
    public void Schema_Words_AreThoseOfTheCode()
    {
        var properties = JsonNode.Parse(File.ReadAllText(Path.Combine(SourceTree.Root, "functions/BinAuthz/Alerting/alert.schema.json")))!["properties"]!;

        Assert.Equal(Enum.GetNames<DiagnosisCause>(), Words("cause"));
        Assert.Equal(AlertNames.AllKinds, Words("kind"));
        Assert.Equal(AlertNames.AllSeverities, Words("severity"));
        Assert.Equal(Enum.GetValues<AlertStage>().Select(AlertNames.Of), Words("stage"));

        IEnumerable<string> Words(string field) => properties[field]!["enum"]!.AsArray().Select(word => (string)word!);
    }

    [Fact]
    public void Claim_WriteAndRead_IsTheSame()
    {
        var claim = AlertSamples.Claim(AlertSamples.Denial);

        var read = AlertClaim.Read(claim.Window, claim.Write());

        Assert.Equal(claim.Opening, read.Opening);
        Assert.Equal(AlertJson.Write(claim.First), AlertJson.Write(read.First));
    }

    [Fact]
    public void Summary_SixtyEntries_SaysHowOftenAndSince()
    {
        var claim = AlertSamples.Claim(AlertSamples.Denial);

        var summary = AlertComposer.Summary(claim, new AlertCount(59, AlertSamples.Now, AlertSamples.Now.AddMinutes(12)).With(claim.Opening.Entry));

        Assert.StartsWith("60 times: Denied: ", summary.Title, StringComparison.Ordinal);
        Assert.Contains("2026-10-01 09:00 UTC to 2026-10-01 09:12 UTC", summary.Detail, StringComparison.Ordinal);
        Assert.Equal((60, claim.First.Command), (summary.Count, summary.Command));
        Assert.NotEqual(claim.First.Id, summary.Id);
    }

    [Fact]
    public void Digest_MoreThanItNames_CountsAllAndNamesTheMostFrequent()
    {
        var counted = Enumerable.Range(1, 60).Select(times =>
            (AlertSamples.Claim(AlertSamples.Denial with { Image = $"image-{times}" }).First, new AlertCount(times, AlertSamples.Now, AlertSamples.Now))).ToArray();

        var digest = AlertComposer.Digest("digest.1", counted);

        Assert.Equal((1830, AlertComposer.MaximumItems), (digest.Count, digest.Items.Count));
        Assert.StartsWith("60 times: Denied: image-60 ", digest.Items[0], StringComparison.Ordinal);
    }
}
