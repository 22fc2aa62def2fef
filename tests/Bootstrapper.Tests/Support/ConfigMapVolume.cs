namespace Bootstrapper.Tests.Support;

/// <summary>
/// A directory as kubelet writes a ConfigMap: <c>NAME -> ..data/NAME</c>, <c>..data -> ..1</c>, and for new content another
/// directory, to which a renamed link leads from one moment to the next.
/// </summary>
internal sealed class ConfigMapVolume : IDisposable
{
    private const string Data = "..data";

    /// <summary>Some ways to bring files somewhere keep their times.</summary>
    private static readonly DateTime Written = new(2026, 11, 20, 12, 0, 0, DateTimeKind.Utc);

    private readonly TemporaryDirectory _directory = new();
    private readonly string _name;
    private int _version;

    public ConfigMapVolume(string name, string content)
    {
        _name = name;
        Swap(content);
        System.IO.File.CreateSymbolicLink(File, $"{Data}/{name}");
    }

    public string File => Path.Combine(_directory.Path, _name);

    public void Swap(string content)
    {
        var before = Path.Combine(_directory.Path, $"..{_version++}");
        var directory = Directory.CreateDirectory(Path.Combine(_directory.Path, $"..{_version}")).FullName;
        System.IO.File.WriteAllText(Path.Combine(directory, _name), content);
        System.IO.File.SetLastWriteTimeUtc(Path.Combine(directory, _name), Written);
        var link = Path.Combine(_directory.Path, "..data_tmp");
        System.IO.File.CreateSymbolicLink(link, Path.GetFileName(directory));
        // rename(2), which .NET has for files alone
        ExternalTools.Output("mv", "--no-target-directory", link, Path.Combine(_directory.Path, Data));
        if (Directory.Exists(before))
        {
            Directory.Delete(before, recursive: true);
        }
    }

    public void Dispose() => _directory.Dispose();
}
