using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Auditing.Facts;

namespace BinAuthz.Tests.Auditing;

public sealed class AttestationLogTests
{
    private const string Sample = """
        {"insertId":"a1","logName":"projects/acme-prod/logs/cloudaudit.googleapis.com%2Fdata_access","timestamp":"2026-10-01T02:00:00.123456+02:00","protoPayload":{
          "serviceName":"containeranalysis.googleapis.com","methodName":"grafeas.v1.Grafeas.CreateOccurrence","status":{},"authenticationInfo":{"principalEmail":"ann@acme.example"},
          "request":{"occurrence":{"resourceUri":"https://a.b/c@sha256:1","noteName":"projects/acme-prod/notes/n","kind":"ATTESTATION"}}}}
        """;

    [Fact]
    public void Read_CreateOccurrence_TellsWhoWhatAndWhen()
    {
        var call = Read(_ => { })!;

        Assert.Equal(("projects/acme-prod/logs/cloudaudit.googleapis.com%2Fdata_access/a1", "ann@acme.example", "CreateOccurrence"), (call.Entry, call.Principal, call.Method));
        Assert.Equal((new DateTimeOffset(2026, 10, 1, 0, 0, 0, TimeSpan.Zero).AddMicroseconds(123456), TimeSpan.Zero), (call.Time, call.Time.Offset));
        Assert.Equal("projects/acme-prod/notes/n", Assert.Single(call.Notes));
        Assert.Equal("https://a.b/c@sha256:1", Assert.Single(call.Images));
    }

    [Fact]
    public void Read_Batch_TellsAllNotesAndImagesOnce()
    {
        var call = Read(entry =>
        {
            entry["protoPayload"]!["methodName"] = "BatchCreateOccurrences";
            entry["protoPayload"]!["request"] = JsonNode.Parse("""{"occurrences":[{"noteName":"n1","resourceUri":"i1"},{"noteName":"n1","resourceUri":"i2"},{"noteName":"n2","kind":"BUILD"},7]}""");
        })!;

        Assert.Equal(["n1", "n2"], call.Notes);
        Assert.Equal(["i1", "i2"], call.Images);
    }

    [Theory]
    [InlineData("""{"kind":"VULNERABILITY","noteName":"n"}""")]
    [InlineData("""{"build":{},"noteName":"n"}""")]
    [InlineData("""{"discovered":{},"noteName":"n"}""")]
    public void Read_OtherOccurrence_IsNone(string occurrence) => Assert.Null(Read(entry => entry["protoPayload"]!["request"] = new JsonObject { ["occurrence"] = JsonNode.Parse(occurrence) }));

    [Theory]
    [InlineData("grafeas.v1.Grafeas.DeleteOccurrence", 0)]
    [InlineData("grafeas.v1.Grafeas.UpdateOccurrence", 0)]
    [InlineData("grafeas.v1.Grafeas.UpdateOccurrence", 7)]
    [InlineData("", 0)]
    public void Read_MethodAndStatus_Decide(string method, int code)
    {
        var call = Read(entry =>
        {
            entry["protoPayload"]!["methodName"] = method;
            entry["protoPayload"]!["status"] = new JsonObject { ["code"] = code };
        });

        Assert.Equal(method.EndsWith("UpdateOccurrence", StringComparison.Ordinal) && code == 0, call is not null);
    }

    [Fact]
    public void Read_EntryWithoutRequestAndCaller_IsACallAllTheSame()
    {
        var call = AttestationLog.Read("""{"protoPayload":{"methodName":"CreateOccurrence"}}"""u8.ToArray())!;

        Assert.Equal(("/", "", DateTimeOffset.UnixEpoch), (call.Entry, call.Principal, call.Time));
        Assert.Empty(call.Notes);
    }

    [Fact]
    public void Read_NoJson_SaysSo() => Assert.Throws<FormatException>(() => AttestationLog.Read("{"u8.ToArray()));

    [Fact]
    public void Filter_OfSigners_AsksForOthers()
    {
        var filter = AttestationLog.Filter(["a@acme.example", "b@acme.example", "\"c"]);

        Assert.Contains("protoPayload.serviceName=\"containeranalysis.googleapis.com\"", filter, StringComparison.Ordinal);
        Assert.EndsWith("NOT protoPayload.status.code>0\nNOT protoPayload.authenticationInfo.principalEmail=(\"a@acme.example\" OR \"b@acme.example\")", filter, StringComparison.Ordinal);
        Assert.Contains("(CreateOccurrence|BatchCreateOccurrences|UpdateOccurrence)$", filter, StringComparison.Ordinal);
        Assert.DoesNotContain("principalEmail", AttestationLog.Filter([]), StringComparison.Ordinal);
    }

    private static AttestationCall? Read(Action<JsonNode> change)
    {
        var entry = JsonNode.Parse(Sample)!;
        change(entry);
        return AttestationLog.Read(Encoding.UTF8.GetBytes(entry.ToJsonString()));
    }
}
