using System.Text.RegularExpressions;

namespace BinAuthz.GoogleCloud;

/// <summary>As whom an emulator is called: its tokens are e-mail addresses.</summary>
internal static partial class EmulatedCaller
{
    /// <summary>The header that says who calls.</summary>
    /// <returns>Null: nobody is named, which is the emulator's operator, or it is Google that is called.</returns>
    public static string? Header(BinAuthzOptions options) => options.Principal is { } principal ? $"Bearer {principal}" : null;

    /// <summary>The options, when they can be used.</summary>
    /// <exception cref="ConfigurationException">They name a caller to Google, who takes no names, or nobody who could call.</exception>
    public static BinAuthzOptions Validated(BinAuthzOptions options) => options switch
    {
        { Principal: null } => options,
        { Endpoint: null } => throw new ConfigurationException([$"{Name} is '{options.Principal}', and there is no emulator to be told that: Google is called with Application Default Credentials. Remove it, or name the emulator in {BinAuthzOptions.Section}:{nameof(BinAuthzOptions.Endpoint)}."]),
        _ when !Email().IsMatch(options.Principal) => throw new ConfigurationException([$"{Name} is '{options.Principal}', which is no e-mail address. Write one, such as production-signer@acme-prod.iam.gserviceaccount.com."]),
        _ => options,
    };

    private static string Name => $"{BinAuthzOptions.Section}:{nameof(BinAuthzOptions.Principal)}";

    [GeneratedRegex(@"\A[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\z")]
    private static partial Regex Email();
}
