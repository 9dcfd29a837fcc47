namespace BinAuthz.Tests;

/// <summary>The files of tests/testdata, which are copied beside the tests.</summary>
internal static class TestData
{
    public static byte[] Bytes(string path) => File.ReadAllBytes(FullPath(path));

    public static string Text(string path) => File.ReadAllText(FullPath(path));

    public static string FullPath(string path) => Path.Combine(AppContext.BaseDirectory, "testdata", path);
}
