using System.Text.Json.Nodes;

namespace BinAuthz.Cli.Oci;

/// <summary>A content descriptor of the OCI image specification: what, how big, which bytes.</summary>
/// <param name="MediaType">Such as <c>application/vnd.oci.image.manifest.v1+json</c>.</param>
/// <param name="Digest"><c>sha256:</c> and 64 hexadecimal digits.</param>
/// <param name="Size">In bytes.</param>
internal sealed record Descriptor(string MediaType, string Digest, long Size)
{
    /// <summary>As a manifest writes it.</summary>
    public JsonObject ToJson() => new() { ["mediaType"] = MediaType, ["digest"] = Digest, ["size"] = Size };

    /// <summary>Reads a descriptor of a manifest.</summary>
    /// <exception cref="CommandException">A field is missing or no digest.</exception>
    public static Descriptor Parse(JsonNode? node, string where)
    {
        if (node is JsonObject descriptor && (string?)descriptor["digest"] is { } digest && Digests.IsDigest(digest))
        {
            return new Descriptor((string?)descriptor["mediaType"] ?? MediaTypes.OciManifest, digest, (long?)descriptor["size"] ?? 0);
        }

        throw CommandException.Usage($"{where} has a descriptor without a sha256 digest: {node?.ToJsonString() ?? "null"}. Only sha256 images can be attested; make the image again.");
    }
}
