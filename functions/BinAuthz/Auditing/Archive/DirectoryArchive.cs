using System.Text.RegularExpressions;

namespace BinAuthz.Auditing.Archive;

/// <summary>Reports in a local folder, such as a copy of a bucket that an auditor took away.</summary>
/// <param name="root">The folder that has, or gets, the folder <c>audits</c>.</param>
internal sealed partial class DirectoryArchive(string root) : IReportArchive
{
    // Ten seconds, and a file is put in place in a moment.
    private const int LockAttempts = 1000;
    private static readonly TimeSpan LockWait = TimeSpan.FromMilliseconds(10);

    public string Place { get; } = Path.GetFullPath(root);

    /// <exception cref="IOException">It cannot be written, or another process held the folder for ten seconds.</exception>
    public async Task<bool> CreateAsync(string name, ReadOnlyMemory<byte> content, string contentType, CancellationToken cancellationToken)
    {
        var path = PathOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);

        // Written aside and moved into place whole: a file is there with all its bytes, or not at all.
        var aside = Path.Combine(Place, $".new-{Guid.NewGuid():N}");
        try
        {
            await File.WriteAllBytesAsync(aside, content, cancellationToken).ConfigureAwait(false);
            using var held = await LockAsync(cancellationToken).ConfigureAwait(false);
            if (File.Exists(path))
            {
                return false;
            }

            File.Move(aside, path, overwrite: false);
            return true;
        }
        finally
        {
            File.Delete(aside);
        }
    }

    /// <exception cref="IOException">It cannot be read.</exception>
    public async Task<byte[]?> FindAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            return await File.ReadAllBytesAsync(PathOf(name), cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">It cannot be read.</exception>
    public Task<IReadOnlyList<string>> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        var folder = Path.Combine(Place, prefix[..(prefix.LastIndexOf('/') + 1)]);
        IReadOnlyList<string> names = !Directory.Exists(folder) ? [] :
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(Place, file).Replace(Path.DirectorySeparatorChar, '/'))
                .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
                .Order(StringComparer.Ordinal),
        ];
        return Task.FromResult(names);
    }

    // On Unix a move that does not overwrite looks first and renames then, so that of two at a time both may succeed. The lock ends with
    // the process that holds it; its file stays.
    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(Path.Combine(Place, ".lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < LockAttempts)
            {
                await Task.Delay(LockWait, TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private string PathOf(string name) => Name().IsMatch(name) ? Path.Combine(Place, name) : throw new ArgumentException($"'{name}' is not the name of a report's file.", nameof(name));

    // Each segment begins with a letter or a digit, so none is '..'.
    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._\-]*(/[A-Za-z0-9][A-Za-z0-9._\-]*)*\z")]
    private static partial Regex Name();
}
