using System.Text;
using System.Text.Json.Nodes;
using BinAuthz.Rotation;

namespace BinAuthz.Tests.Rotation;

public sealed class KeyRecordJsonTests
{
    private static readonly KeyRecord Revoked = new(RotationScene.Key.Version(3), KeyRecordKind.Revoked, RotationScene.At("2026-02-01T10:11:12.345Z"), RotationScene.Pem, RotationScene.Rsa, "a laptop \"was\" stolen\n…")
    {
        CompromisedSince = RotationScene.At("2026-01-31T08:00:00Z"),
        By = "ops@acme.example",
    };

    [Fact]
    public void Read_WrittenRevocation_IsTheRecord() => Assert.Equal(Revoked, KeyRecordJson.Read(KeyRecordJson.Write(Revoked)));

    [Theory]
    [InlineData("Trusted")]
    [InlineData("Retired")]
    public void Read_WrittenByTheSchedule_IsTheRecord(string kind)
    {
        var record = Revoked with { Kind = Enum.Parse<KeyRecordKind>(kind), CompromisedSince = null, By = "" };

        Assert.Equal(record, KeyRecordJson.Read(KeyRecordJson.Write(record)));
    }

    [Theory]
    [InlineData("kind", "\"replaced\"", "its kind 'replaced' is none of trusted, retired, revoked and cleared")]
    [InlineData("kind", "7", "its field 'kind' is no text")]
    [InlineData("keyVersion", "\"projects/p\"", "'projects/p' is not a KMS key version")]
    [InlineData("algorithm", "\"rot13\"", "rot13")]
    [InlineData("at", "\"yesterday\"", "yesterday")]
    [InlineData("compromisedSince", null, "it has no field 'compromisedSince'")]
    [InlineData("publicKeyPem", null, "it has no field 'publicKeyPem'")]
    [InlineData("reason", null, "it has no field 'reason'")]
    [InlineData("by", "[]", "its field 'by' is no text")]
    public void Read_FieldThatCannotBeUsed_NamesIt(string field, string? value, string problem)
    {
        var json = JsonNode.Parse(KeyRecordJson.Write(Revoked))!.AsObject();
        json.Remove(field);
        if (value is not null)
        {
            json[field] = JsonNode.Parse(value);
        }

        Assert.Contains(problem, Assert.Throws<FormatException>(() => KeyRecordJson.Read(Encoding.UTF8.GetBytes(json.ToJsonString()))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("\"text\"")]
    [InlineData("<html>")]
    public void Read_Garbage_IsAFormatError(string text) => Assert.Throws<FormatException>(() => KeyRecordJson.Read(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Of_Record_IsBelowThePrefixOfItsKeyAndInTheOrderOfTime()
    {
        var later = Revoked with { At = Revoked.At.AddMilliseconds(1), Kind = KeyRecordKind.Retired };

        Assert.Equal("rotation/a/r/k/3/2026-02-01T10:11:12.345Z-revoked.json", KeyRecordName.Of(RotationScene.Attestor, Revoked));
        Assert.StartsWith(KeyRecordName.Prefix(RotationScene.Attestor, RotationScene.Key), KeyRecordName.Of(RotationScene.Attestor, Revoked), StringComparison.Ordinal);
        Assert.True(string.CompareOrdinal(KeyRecordName.Of(RotationScene.Attestor, Revoked), KeyRecordName.Of(RotationScene.Attestor, later)) < 0);
    }
}
