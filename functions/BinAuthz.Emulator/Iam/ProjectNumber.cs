using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace BinAuthz.Emulator.Iam;

/// <summary>The number of a project: twelve digits that follow from the id.</summary>
internal static class ProjectNumber
{
    public static long Of(string projectId) =>
        100_000_000_000 + (long)(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(Encoding.UTF8.GetBytes(projectId))) % 900_000_000_000);
}
