using BinAuthz.Emulator.Storage;

namespace BinAuthz.Emulator.Iam.Enforcement;

/// <summary>Whose policies count for a resource: its own and those of what it is in.</summary>
internal sealed class ResourceHierarchy(BucketStore buckets)
{
    /// <summary>The names under which a policy may be that holds for a resource.</summary>
    /// <param name="resource">Such as <c>projects/P/locations/L/keyRings/R/cryptoKeys/K</c> or <c>projects/_/buckets/B/objects/O</c>.</param>
    public IEnumerable<string> PoliciesOf(string resource)
    {
        var parts = resource.Split('/');
        return parts switch
        {
            ["projects", "_", "buckets", var bucket, ..] => OfBucket(bucket),
            ["projects", _, "serviceAccounts", var email, ..] => OfAccount(email),
            ["projects", ..] => OfProject(parts).Append(resource).Distinct(),
            _ => [],
        };
    }

    private IEnumerable<string> OfBucket(string bucket)
    {
        yield return $"projects/_/buckets/{bucket}";
        if (buckets.Find(bucket) is { } found)
        {
            yield return $"projects/{found.Project}";
        }
    }

    // NAME@PROJECT.iam.gserviceaccount.com; the dash stands for whichever project.
    private static IEnumerable<string> OfAccount(string email)
    {
        yield return $"projects/-/serviceAccounts/{email}";
        var domain = email[(email.IndexOf('@', StringComparison.Ordinal) + 1)..];
        if (domain.EndsWith(".iam.gserviceaccount.com", StringComparison.Ordinal))
        {
            var project = domain[..domain.IndexOf('.', StringComparison.Ordinal)];
            yield return $"projects/{project}/serviceAccounts/{email}";
            yield return $"projects/{project}";
        }
    }

    // A name is pairs of collection and id; every pair is in what stands before it.
    private static IEnumerable<string> OfProject(string[] parts)
    {
        for (var length = 2; length <= parts.Length; length += 2)
        {
            yield return string.Join('/', parts[..length]);
        }
    }
}
