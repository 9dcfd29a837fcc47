using BinAuthz.Functions;
using BinAuthz.Functions.Events;

namespace BinAuthz.Tests.FunctionsHost;

public sealed class FunctionTargetTests
{
    private static readonly FunctionTarget Untyped = FunctionTarget.Of<RecordingFunction>(new SignImageStartup());
    private static readonly FunctionTarget Typed = FunctionTarget.Of<TypedRecordingFunction<MessagePublished>>(new AlertOnDenialStartup());

    [Theory]
    [InlineData("RecordingFunction")]
    [InlineData("BinAuthz.Tests.FunctionsHost.RecordingFunction")]
    public void Find_ShortOrFullName_TheFunction(string name) =>
        Assert.Same(Untyped, FunctionTarget.Find([Typed, Untyped], name));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public void Find_NoNameAndOneFunction_TheFunction(string? name) => Assert.Same(Untyped, FunctionTarget.Find([Untyped], name));

    [Theory]
    [InlineData(null, "No function target is given")]
    [InlineData("recordingfunction", "'recordingfunction'")]
    [InlineData("Other", "'Other'")]
    public void Find_NoSuchFunction_NamesValueRuleAndRemedy(string? name, string value)
    {
        var error = Assert.Throws<InvalidOperationException>(() => FunctionTarget.Find([Typed, Untyped], name));

        Assert.Contains(value, error.Message, StringComparison.Ordinal);
        Assert.Contains("full or short name", error.Message, StringComparison.Ordinal);
        Assert.Contains("FUNCTION_TARGET", error.Message, StringComparison.Ordinal);
        Assert.Contains("BinAuthz.Tests.FunctionsHost.RecordingFunction", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error.Message);
    }
}
