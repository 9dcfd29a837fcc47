using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;

namespace BinAuthz.Emulator.BinaryAuthorization;

/// <summary>
/// Key ids as clients make them. gcloud puts the authority that it was pointed at into the id of a Cloud KMS key;
/// verification takes the emulator's own authorities for Cloud KMS. What is stored stays as it came.
/// </summary>
internal sealed class KeyIds(IServer server)
{
    private const string CloudKms = "//cloudkms.googleapis.com/v1/";

    private readonly Lazy<string[]> own = new(() => Prefixes(server));

    public string Canonical(string id) => own.Value.FirstOrDefault(prefix => id.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix
        ? CloudKms + id[prefix.Length..]
        : id;

    private static string[] Prefixes(IServer server) =>
    [
        .. server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address).Port)
            .SelectMany(port => new[] { $"//127.0.0.1:{port}/v1/", $"//localhost:{port}/v1/" }),
    ];
}
