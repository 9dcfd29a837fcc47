using BinAuthz.Attestations;
using BinAuthz.Auditing.Facts;
using BinAuthz.Images;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Tells which images each attestor has a valid attestation of. An index needs one for itself and for each platform.</summary>
internal static class CoverageComposer
{
    /// <summary>Composes.</summary>
    /// <param name="request">What is audited.</param>
    /// <param name="subjects">The images.</param>
    /// <param name="attested">For each attestor and image, by its place, whether a valid attestation was found.</param>
    public static Coverage Compose(AuditRequest request, ScanSubjects subjects, IReadOnlyList<(AttestorName Attestor, Func<int, bool> IsAttested)> attested)
    {
        var (stored, storedAttested, running, runningAttested) = (0L, 0L, 0L, 0L);
        var missing = new List<UncoveredImage>();
        for (var place = 0; place < subjects.Images.Count; place++)
        {
            var image = subjects.Images[place];
            var before = missing.Count;
            if (image.IsStored)
            {
                stored++;
                missing.AddRange(Missing(subjects, image, attested));
                storedAttested += missing.Count == before ? 1 : 0;
            }

            if (image is { IsRunning: true, IsExempt: false })
            {
                running++;
                var own = attested.Where(each => !each.IsAttested(place)).Select(each => Uncovered(image, each.Attestor)).ToArray();
                runningAttested += own.Length == 0 ? 1 : 0;
                missing.AddRange(own);
            }
        }

        // A running platform of an index is missed for both.
        UncoveredImage[] all = [.. missing.Distinct().OrderBy(image => image.Uploaded ?? DateTimeOffset.MinValue).ThenBy(image => image.Digest.Value, StringComparer.Ordinal).ThenBy(image => image.Attestor.ToString(), StringComparer.Ordinal)];
        return new Coverage(stored, storedAttested, running, runningAttested, Named(all, request.Options.FindingsPerRule))
        {
            RunningMissing = all.LongCount(image => image.IsRunning),
            StoredMissing = all.LongCount(image => IsOverdue(image, request)),
        };
    }

    /// <summary>Whether an image that no pod runs has been without an attestation for longer than that may take.</summary>
    public static bool IsOverdue(UncoveredImage image, AuditRequest request) => !image.IsRunning && !(image.Uploaded > request.Time - request.Options.Grace);

    private static IEnumerable<UncoveredImage> Missing(ScanSubjects subjects, ScannedImage image, IReadOnlyList<(AttestorName Attestor, Func<int, bool> IsAttested)> attested) =>
        from part in image.Platforms.Append(image.Digest)
        let place = subjects.Find(part)
        from each in attested
        where !each.IsAttested(place)
        select Uncovered(subjects.Images[place], each.Attestor);

    private static UncoveredImage Uncovered(ScannedImage image, AttestorName attestor) => new(image.Digest.ToDigest(), attestor)
    {
        Image = ImageReference.TryParse($"{image.Name}@{image.Digest}", out var reference) ? reference : null,
        Uploaded = image.Uploaded,
        IsRunning = image is { IsRunning: true, IsExempt: false },
    };

    private static UncoveredImage[] Named(UncoveredImage[] all, int limit) => [.. all.Where(image => image.IsRunning).Take(limit), .. all.Where(image => !image.IsRunning).Take(limit)];
}
