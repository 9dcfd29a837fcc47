using System.Collections.Concurrent;

namespace BinAuthz.Emulator.Storage;

/// <summary>The resumable uploads under way. A restart ends them, and their clients begin again.</summary>
internal sealed class UploadSessions
{
    private readonly ConcurrentDictionary<string, UploadSession> sessions = new(StringComparer.Ordinal);

    public string Start(UploadSession session)
    {
        var id = Guid.NewGuid().ToString("N");
        sessions[id] = session;
        return id;
    }

    /// <exception cref="StorageException">404.</exception>
    public UploadSession Get(string id) => sessions.GetValueOrDefault(id) ?? throw StorageException.NotFound($"No such upload: {id}");

    public void Cancel(string id)
    {
        if (!sessions.TryRemove(id, out _))
        {
            throw StorageException.NotFound($"No such upload: {id}");
        }
    }
}
