using Google.Protobuf;
using Microsoft.Data.Sqlite;

namespace BinAuthz.Emulator.State;

/// <summary>
/// Writes each change through to one SQLite file before the caller is answered, so that a killed emulator loses
/// nothing that it confirmed. Without a folder it does nothing.
/// </summary>
internal sealed class Journal : IDisposable
{
    private readonly Lock gate = new();
    private readonly SqliteConnection? connection;

    public Journal(string? directory)
    {
        if (directory is null)
        {
            return;
        }

        Directory.CreateDirectory(directory);
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = Path.Combine(directory, "emulator.db"), Pooling = false }.ToString());
        connection.Open();
        Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; CREATE TABLE IF NOT EXISTS resource (kind TEXT, name TEXT, value BLOB, PRIMARY KEY (kind, name)) WITHOUT ROWID;");
    }

    public void Put(string kind, string name, IMessage value)
    {
        if (connection is not null)
        {
            Execute("INSERT OR REPLACE INTO resource VALUES ($kind, $name, $value)", ("$kind", kind), ("$name", name), ("$value", value.ToByteArray()));
        }
    }

    public void Remove(string kind, string name)
    {
        if (connection is not null)
        {
            Execute("DELETE FROM resource WHERE kind = $kind AND name = $name", ("$kind", kind), ("$name", name));
        }
    }

    public void Restore(IJournalled table)
    {
        if (connection is null)
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, value FROM resource WHERE kind = $kind";
        command.Parameters.AddWithValue("$kind", table.Kind);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            table.Restore(reader.GetString(0), reader.GetFieldValue<byte[]>(1));
        }
    }

    public void Dispose() => connection?.Dispose();

    private void Execute(string sql, params (string Name, object Value)[] parameters)
    {
        lock (gate)
        {
            using var command = connection!.CreateCommand();
#pragma warning disable CA2100 // The statements are the constants above.
            command.CommandText = sql;
#pragma warning restore CA2100
            foreach (var (name, value) in parameters)
            {
                command.Parameters.AddWithValue(name, value);
            }

            command.ExecuteNonQuery();
        }
    }
}
