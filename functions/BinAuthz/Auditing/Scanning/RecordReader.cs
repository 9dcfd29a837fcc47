using System.Globalization;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Scanning;

/// <summary>Reads of which images the evidence bucket has decision records, by their names alone and page by page.</summary>
internal sealed class RecordReader(StorageClient storage)
{
    /// <summary>Reads them.</summary>
    /// <param name="reader">Reads facts.</param>
    /// <param name="bucket">Without <c>gs://</c>.</param>
    /// <param name="keys">The attestor's.</param>
    /// <param name="subjects">The images to look for.</param>
    /// <param name="cancellationToken">Stops between two pages.</param>
    /// <returns>For each image, by its place, the marks of the trusted keys that it has a record of.</returns>
    public Task<Fact<IReadOnlyList<ulong>>> ReadAsync(FactReader reader, string bucket, AuditKeys keys, ScanSubjects subjects, CancellationToken cancellationToken) =>
        reader.ReadAsync<IReadOnlyList<ulong>>(Access.Records, async stop =>
        {
            var prefix = DecisionRecordName.Prefix(keys.Attestor.Name);
            var marks = new ulong[subjects.Images.Count];
            await foreach (var page in storage.ListPagesAsync(bucket, prefix, prefix, stop).ConfigureAwait(false))
            {
                foreach (var name in page)
                {
                    Mark(marks, name.AsSpan(prefix.Length), keys, subjects);
                }
            }

            return marks;
        }, cancellationToken);

    /// <summary>Takes a name after its prefix, <c>HEX/VERSION.json</c>; others are no decision records.</summary>
    internal static void Mark(ulong[] marks, ReadOnlySpan<char> name, AuditKeys keys, ScanSubjects subjects)
    {
        const int Hex = 2 * DigestKey.Size;
        const string Suffix = ".json";
        if (name.Length > Hex + 1 && name[Hex] == '/' && name.EndsWith(Suffix, StringComparison.Ordinal)
            && DigestKey.TryParseHex(name[..Hex], out var digest) && subjects.Find(digest) is var place and >= 0
            && long.TryParse(name[(Hex + 1)..^Suffix.Length], NumberStyles.None, CultureInfo.InvariantCulture, out var version))
        {
            marks[place] |= keys.MarkOfVersion(version);
        }
    }
}
