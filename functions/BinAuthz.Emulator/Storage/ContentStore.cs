using System.Collections.Concurrent;

namespace BinAuthz.Emulator.Storage;

/// <summary>The bytes of objects: files under the data directory, or memory.</summary>
internal sealed class ContentStore
{
    private readonly ConcurrentDictionary<string, byte[]> memory = new(StringComparer.Ordinal);
    private readonly string? directory;

    public ContentStore(EmulatorOptions options)
    {
        if (options.DataDirectory is not null)
        {
            directory = Path.Combine(options.DataDirectory, "storage");
            Directory.CreateDirectory(directory);
        }
    }

    /// <summary>Keeps content.</summary>
    /// <returns>The name to read it by.</returns>
    public string Put(byte[] content)
    {
        var name = Guid.NewGuid().ToString("N");
        if (directory is null)
        {
            memory[name] = content;
        }
        else
        {
            File.WriteAllBytes(Path.Combine(directory, name), content);
        }

        return name;
    }

    public Stream Open(string name) => directory is null ? new MemoryStream(memory[name], writable: false) : new FileStream(Path.Combine(directory, name), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);

    public void Remove(string name)
    {
        if (directory is null)
        {
            memory.TryRemove(name, out _);
        }
        else
        {
            File.Delete(Path.Combine(directory, name));
        }
    }

    /// <summary>Deletes what a killed emulator left without an object.</summary>
    public void RemoveAllBut(IReadOnlySet<string> known)
    {
        foreach (var file in directory is null ? [] : Directory.GetFiles(directory).Where(file => !known.Contains(Path.GetFileName(file))))
        {
            File.Delete(file);
        }
    }
}
