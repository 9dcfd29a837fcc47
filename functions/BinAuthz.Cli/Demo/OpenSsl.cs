using System.ComponentModel;
using System.Diagnostics;
using BinAuthz.Attestations;

namespace BinAuthz.Cli.Demo;

/// <summary>Asks the openssl of this machine, which knows nothing of this project, whether a signature verifies.</summary>
internal static class OpenSsl
{
    /// <summary>Verifies the first signature of an attestation over its stored payload.</summary>
    /// <returns>What openssl printed and its exit code; null: there is no openssl here.</returns>
    public static async Task<(int ExitCode, string Output)?> VerifyAsync(Attestation attestation, string pem, string directory, CancellationToken cancellationToken)
    {
        var key = Path.Combine(directory, "attestor.pem");
        var payload = Path.Combine(directory, "payload.json");
        var signature = Path.Combine(directory, "signature.der");
        await File.WriteAllTextAsync(key, pem, cancellationToken).ConfigureAwait(false);
        await File.WriteAllBytesAsync(payload, attestation.Payload.ToArray(), cancellationToken).ConfigureAwait(false);
        await File.WriteAllBytesAsync(signature, attestation.Signatures[0].Value.ToArray(), cancellationToken).ConfigureAwait(false);
        var start = new ProcessStartInfo("openssl", ["dgst", "-sha256", "-verify", key, "-signature", signature, payload])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync(cancellationToken);
            var output = await process.StandardOutput.ReadToEndAsync(cancellationToken).ConfigureAwait(false);
            await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
            return (process.ExitCode, (output + await error.ConfigureAwait(false)).Trim());
        }
        catch (Win32Exception)
        {
            return null;
        }
    }
}
