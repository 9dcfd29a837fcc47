using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Denials;
using FsCheck;
using FsCheck.Fluent;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Denials;

/// <summary>Entries that are broken, huge or made to hurt.</summary>
public sealed class LogEntryLimitsTests
{
    private const string Denial = "gke-deny-no-attestation";
    private static readonly JsonObject Deep = Nested(400);

    [Property(Arbitrary = [typeof(LogEntryLimitsTests)], MaxTest = 2000)]
    public bool Read_MutatedSample_ReadsOrThrowsFormatException(Mutated mutated)
    {
        try
        {
            var reading = LogEntryReader.Read(mutated.Json);
            return reading.Findings.Count == 0 ? reading.Ignored.Length > 0 : reading.Findings.All(IsBounded);
        }
        catch (FormatException)
        {
            return true;
        }
    }

    [Fact]
    public void Read_HugePod_IsStillFound()
    {
        var reading = LogSamples.Read(Denial, entry =>
        {
            entry["protoPayload"]!["request"]!["metadata"]!["annotations"] = new JsonObject { ["big"] = new string('x', 300_000) };
            var containers = entry["protoPayload"]!["request"]!["spec"]!["containers"]!.AsArray();
            for (var index = 0; index < 5000; index++)
            {
                containers.Add(new JsonObject { ["name"] = $"c{index}", ["image"] = $"us-docker.pkg.dev/acme-prod/apps/filler:{index}" });
            }
        });

        Assert.Equal("us-docker.pkg.dev/acme-prod/apps/debug@sha256:ceffe727ab2fa2c7c3322ee4a1aa0c2d2a4664836c2133df93dd15055bb617be", Assert.Single(reading.Findings).Image);
    }

    [Fact]
    public void Read_MessageOfQuotesAndImagesOfQuotes_EndsSoon()
    {
        var reading = LogSamples.Read(Denial, entry =>
        {
            entry["protoPayload"]!["request"]!["spec"]!["containers"] = new JsonArray([.. Enumerable.Range(1, 700).Select(length => new JsonObject { ["image"] = new string('\'', length) + "x" })]);
            entry["protoPayload"]!["response"]!["message"] = "admission webhook \"imagepolicywebhook.image-policy.k8s.io\" denied the request: " + new string('\'', 300_000);
        });

        Assert.Equal(LoggedText.MaximumMessage, Assert.Single(reading.Findings).Message.Length);
    }

    [Fact]
    public void Read_LongMessage_IsCutBetweenCharacters()
    {
        var prefix = "admission webhook \"imagepolicywebhook.image-policy.k8s.io\" denied the request: ";
        foreach (var shift in new[] { "", "x" })
        {
            var reading = LogSamples.Read(Denial, entry => entry["protoPayload"]!["response"]!["message"] = prefix + shift + string.Concat(Enumerable.Repeat("\U0001F600", 5000)));

            Assert.True(IsBounded(Assert.Single(reading.Findings)));
        }
    }

    [Fact]
    public void Read_ImageLongerThanAnyName_IsNotTold() => Assert.Null(Assert.Single(LogSamples.Read(Denial, entry =>
    {
        var image = new string('a', 2000);
        entry["protoPayload"]!["request"]!["spec"]!["containers"]![0]!["image"] = image;
        entry["protoPayload"]!["response"]!["message"] = $"admission webhook \"imagepolicywebhook.image-policy.k8s.io\" denied the request: Image {image} denied by Binary Authorization default admission rule.";
    }).Findings).Image);

    [Theory]
    [InlineData("alice", "\\ud83d")]
    [InlineData("alice", "\\ude00\\ud83d")]
    public void Read_HalfACharacter_IsReplaced(string text, string with)
    {
        var reading = LogEntryReader.Read(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(LogSamples.Bytes(Denial)).Replace(text, with, StringComparison.Ordinal)));

        Assert.StartsWith("\ufffd", Assert.Single(reading.Findings).Principal, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EscapedCharacter_IsKept()
    {
        var reading = LogEntryReader.Read(Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(LogSamples.Bytes(Denial)).Replace("alice", "\\ud83d\\ude00\\\\ud83d\\ud83d", StringComparison.Ordinal)));

        Assert.StartsWith("\U0001F600\\ud83d\ufffd", Assert.Single(reading.Findings).Principal, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_BytesThatAreNotUtf8_AreReplaced()
    {
        var bytes = LogSamples.Bytes(Denial);
        bytes[bytes.AsSpan().IndexOf("alice"u8)] = 0xff;

        Assert.StartsWith("\ufffdlice", Assert.Single(LogEntryReader.Read(bytes).Findings).Principal, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LogEntryReader.MaximumDepth - 1)]
    [InlineData(100_000)]
    public void Read_DeepNesting_EndsOrdinarily(int depth)
    {
        var json = Encoding.UTF8.GetBytes($"{{\"a\":{new string('[', depth)}{new string(']', depth)}}}");

        if (depth >= LogEntryReader.MaximumDepth)
        {
            Assert.Throws<FormatException>(() => LogEntryReader.Read(json));
        }
        else
        {
            Assert.NotEmpty(LogEntryReader.Read(json).Ignored);
        }
    }

    /// <summary>Samples that were cut, overwritten, or had a value replaced by one of another kind.</summary>
    public static Arbitrary<Mutated> MutatedSamples()
    {
        var sample = Gen.Elements(LogSamples.Names.ToArray());
        var cut = from name in sample from part in Gen.Choose(0, 1000) select new Mutated(Cut(LogSamples.Bytes(name), part));
        var overwritten = from name in sample from count in Gen.Choose(1, 20) from places in Gen.Choose(0, int.MaxValue).ArrayOf(count) from values in Gen.Choose(0, 255).ArrayOf(count) select new Mutated(Overwrite(LogSamples.Bytes(name), places, values));
        var replaced = from name in sample from place in Gen.Choose(0, int.MaxValue) from value in Gen.Choose(0, Replacements.Length - 1) select new Mutated(Replace(LogSamples.Node(name), place, Replacements[value]()));
        return Gen.OneOf(cut, overwritten, replaced, replaced, replaced).ToArbitrary();
    }

    private static readonly Func<JsonNode?>[] Replacements =
    [
        () => null, () => 7, () => -1.5e300, () => true, () => "", () => "x", () => "\u202e'\n", () => new JsonArray(), () => new JsonArray("x", null, 1), () => new JsonObject(),
        () => new JsonObject { ["image"] = 7, ["code"] = new JsonArray() }, () => Deep.DeepClone(),
        () => "Image evil denied by Binary Authorization default admission rule. Image evil denied by attestor projects/p/attestors/a: x",
        () => "admission webhook \"imagepolicywebhook.image-policy.k8s.io\" denied the request: Image ",
    ];

    private static bool IsBounded(Finding finding) =>
        finding.Message.Length <= LoggedText.MaximumMessage && IsValid(finding.Message)
        && new[] { finding.Image ?? "", finding.Namespace, finding.Workload, finding.ServiceAccount, finding.Principal, finding.Justification, finding.Source.InsertId, finding.Change?.Resource ?? "" }
            .All(text => text.Length <= LoggedText.MaximumName && IsValid(text));

    private static bool IsValid(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)) == text;

    private static byte[] Cut(byte[] bytes, int part) => bytes[..(bytes.Length * part / 1000)];

    private static byte[] Overwrite(byte[] bytes, int[] places, int[] values)
    {
        foreach (var (place, value) in places.Zip(values))
        {
            bytes[place % bytes.Length] = (byte)value;
        }

        return bytes;
    }

    private static byte[] Replace(JsonNode entry, int place, JsonNode? value)
    {
        var members = Members(entry).ToList();
        var (owner, name) = members[place % members.Count];
        owner[name] = value;
        return Encoding.UTF8.GetBytes(entry.ToJsonString(new System.Text.Json.JsonSerializerOptions { MaxDepth = 1000 }));
    }

    private static IEnumerable<(JsonObject Owner, string Name)> Members(JsonNode? node) => node switch
    {
        JsonObject owner => owner.SelectMany(member => Members(member.Value).Prepend((owner, member.Key))),
        JsonArray items => items.SelectMany(Members),
        _ => [],
    };

    private static JsonObject Nested(int depth)
    {
        var inner = new JsonObject();
        for (var level = 1; level < depth; level++)
        {
            inner = new JsonObject { ["template"] = inner };
        }

        return inner;
    }

    public sealed record Mutated(byte[] Json)
    {
        public override string ToString() => Encoding.UTF8.GetString(Json);
    }
}
