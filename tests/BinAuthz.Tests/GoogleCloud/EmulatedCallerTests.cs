using BinAuthz.GoogleCloud;

namespace BinAuthz.Tests.GoogleCloud;

public sealed class EmulatedCallerTests
{
    private static readonly Uri Emulator = new("http://127.0.0.1:8081");

    [Fact]
    public void Header_Principal_IsItsToken() =>
        Assert.Equal("Bearer production-signer@acme-prod.iam.gserviceaccount.com", EmulatedCaller.Header(EmulatedCaller.Validated(new BinAuthzOptions { Endpoint = Emulator, Principal = "production-signer@acme-prod.iam.gserviceaccount.com" })));

    [Fact]
    public void Header_NoPrincipal_IsNone() => Assert.Null(EmulatedCaller.Header(EmulatedCaller.Validated(new BinAuthzOptions())));

    [Fact]
    public void Validated_PrincipalForGoogle_IsRefused()
    {
        var error = Assert.Throws<ConfigurationException>(() => EmulatedCaller.Validated(new BinAuthzOptions { Principal = "ann@acme.example" }));

        Assert.Contains("BinAuthz:Principal is 'ann@acme.example'", error.Message, StringComparison.Ordinal);
        Assert.Contains("BinAuthz:Endpoint", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ann")]
    [InlineData("ann@acme\r\nx: y")]
    public void Validated_NoAddress_IsRefused(string principal) =>
        Assert.Contains("no e-mail address", Assert.Throws<ConfigurationException>(() => EmulatedCaller.Validated(new BinAuthzOptions { Endpoint = Emulator, Principal = principal })).Message, StringComparison.Ordinal);
}
