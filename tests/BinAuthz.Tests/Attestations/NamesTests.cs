using BinAuthz.Attestations;
using FsCheck.Xunit;

namespace BinAuthz.Tests.Attestations;

public sealed class NamesTests
{
    [Fact]
    public void Parse_AttestorAndNote_HaveTheirParts()
    {
        var attestor = AttestorName.Parse("projects/acme-security/attestors/release");
        var note = NoteName.Parse("projects/example.com:acme/notes/CVE-2026-1_x.y~z");

        Assert.Equal(("acme-security", "release"), (attestor.Project, attestor.Id));
        Assert.Equal(("example.com:acme", "CVE-2026-1_x.y~z"), (note.Project, note.Id));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("release")]
    [InlineData("projects/p/attestors/")]
    [InlineData("projects//attestors/x")]
    [InlineData("projects/p/attestors/x/y")]
    [InlineData("projects/p/attestors/x\n")]
    [InlineData("projects/p/attestors/..")]
    [InlineData("projects/p/policies/x")]
    public void TryParse_NotAName_IsFalse(string? text)
    {
        Assert.False(AttestorName.TryParse(text, out _));
        Assert.False(NoteName.TryParse(text?.Replace("attestors", "notes", StringComparison.Ordinal), out _));
    }

    [Fact]
    public void Parse_NotAName_NamesInputAndForm()
    {
        Assert.Equal("'x' is not an attestor: expected projects/P/attestors/ID.", Assert.Throws<FormatException>(() => AttestorName.Parse("x")).Message);
        Assert.Equal("'x' is not a note: expected projects/P/notes/ID.", Assert.Throws<FormatException>(() => NoteName.Parse("x")).Message);
    }

    [Property(Arbitrary = [typeof(Names)])]
    public bool Parse_Printed_IsTheSame(Identifier project, Identifier id)
    {
        var attestor = AttestorName.Parse($"projects/{project.Value}/attestors/{id.Value}");
        var note = NoteName.Parse($"projects/{project.Value}/notes/{id.Value}");

        return AttestorName.Parse(attestor.ToString()) == attestor && NoteName.Parse(note.ToString()) == note;
    }
}
