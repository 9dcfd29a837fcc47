using BinAuthz.Cli;

namespace BinAuthz.Tests.Cli;

/// <summary>Runs a command line in this process.</summary>
internal static class Tool
{
    public static async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await BinAuthzTool.RunAsync(arguments, output, error, TestContext.Current.CancellationToken);
        return (code, output.ToString(), error.ToString());
    }
}
