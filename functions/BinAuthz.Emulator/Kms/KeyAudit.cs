using BinAuthz.Emulator.Logging;
using Google.Api;
using Google.Protobuf;
using Grpc.Core;

namespace BinAuthz.Emulator.Kms;

/// <summary>Tells the audit log of key versions that were made or changed (docs: kms/docs/audit-logging). Methods have their short name.</summary>
internal sealed class KeyAudit(AdminAudit audit)
{
    // By the collections in a name, in its order.
    private static readonly string[] Labels = ["project_id", "location", "key_ring_id", "crypto_key_id", "crypto_key_version_id"];

    /// <summary>Tells of a change.</summary>
    /// <param name="context">The call.</param>
    /// <param name="verb">The last part of the permission, such as <c>create</c>.</param>
    /// <param name="resource">The version, or the key of a new one.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="response">The version.</param>
    public void Done(ServerCallContext context, string verb, string resource, IMessage request, IMessage response)
    {
        var method = context.Method[(context.Method.LastIndexOf('/') + 1)..];
        string[] ids = [.. resource.Split('/').Where((_, index) => index % 2 == 1)];
        var monitored = new MonitoredResource { Type = ids.Length == Labels.Length ? "cloudkms_cryptokeyversion" : "cloudkms_cryptokey" };
        monitored.Labels.Add(Labels.Zip(ids).ToDictionary(label => label.First, label => label.Second));
        audit.Done(context, new AdminActivity("cloudkms.googleapis.com", method, $"cloudkms.cryptoKeyVersions.{verb}", resource, monitored, request, response));
    }
}
