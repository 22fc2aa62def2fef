using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Rendering.Configs;

/// <summary>Files, units and users. What lacks something that it must have is <c>null</c>; that was reported.</summary>
internal static partial class CloudConfigReader
{
    private static NodeFile? File(Section section, WrittenPaths paths, Findings findings, List<Problem> warnings)
    {
        var path = section.Get(FileKeys.Path);
        var content = section.Get(FileKeys.Content);
        var (kept, encoding) = Kept(
            content?.Value ?? "",
            section.Octets(FileKeys.Content),
            section.Get(FileKeys.Encoding)?.Value ?? ContentEncoding.Text);
        paths.Claim(path?.Value, path);
        if (path is null || section.Get(FileKeys.Permissions) is not { } mode)
        {
            return null;
        }

        var file = new NodeFile(path.Value, mode.Value, section.Get(FileKeys.Owner)?.Value, kept, encoding);
        if (!IsDecodable(file, section.PlaceOf(FileKeys.Content) ?? path, findings))
        {
            return null;
        }

        WarnOfEtcdLock(file.Path, Encoding.UTF8.GetString(file.Bytes()), content ?? path, warnings);
        return file;
    }

    private static void WarnOfEtcdLock(string path, string text, Stated<string> place, List<Problem> warnings)
    {
        if (WrittenStrategy.IsEtcdLock(path, text))
        {
            warnings.Add(place.Warning(WrittenStrategy.Objection));
        }
    }

    /// <param name="octets">The content itself, where it is no text (<c>!!binary</c>).</param>
    private static (string Content, ContentEncoding Encoding) Kept(string text, byte[]? octets, ContentEncoding encoding) =>
        (encoding, octets) switch
        {
            (ContentEncoding.Text, null) => (text, encoding),
            (ContentEncoding.Text, _) => (Convert.ToBase64String(octets), ContentEncoding.Base64),
            (ContentEncoding.Gzip, _) =>
                (Convert.ToBase64String(octets ?? Encoding.UTF8.GetBytes(text)), ContentEncoding.GzipBase64),
            _ => (OnOneLine(octets is null ? text : Encoding.Latin1.GetString(octets)), encoding),
        };

    /// <summary>Base64 may be written on several lines, and YAML makes blanks of their ends.</summary>
    private static string OnOneLine(string base64) =>
        string.Concat(base64.Split([' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries));

    private static bool IsDecodable(NodeFile file, Place content, Findings findings)
    {
        try
        {
            return file.Encoding == ContentEncoding.Text || file.Bytes() is not null;
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            findings.Problems.Add(content.Error(e is FormatException ? "is not base64" : "is not gzip"));
            return false;
        }
    }

    /// <summary>
    /// One unit may be named several times, as long as one entry writes it: stopped here, started again there, as
    /// coreos-cloudinit does it one after the other.
    /// </summary>
    private static IReadOnlyList<NodeUnit> Units(
        Section section, WrittenPaths paths, Findings findings, List<Problem> warnings)
    {
        var units = section.Sections(CoreOSKeys.Units)
            .Select(unit => Unit(unit, paths, findings, warnings)).OfType<Stated<NodeUnit>>().ToList();
        foreach (var unit in units)
        {
            RefuseContradictions(unit, findings);
        }

        foreach (var same in units.GroupBy(unit => unit.Value.Name, StringComparer.Ordinal).Where(same => same.Skip(1).Any()))
        {
            if (same.All(unit => Contradiction(unit.Value) is null))
            {
                RefuseContradictions(same.Last().Select(_ => NodeUnit.Together(same.Select(unit => unit.Value))), findings);
            }
        }

        return [.. units.Select(unit => unit.Value)];
    }

    private static Stated<NodeUnit>? Unit(
        Section section, WrittenPaths paths, Findings findings, List<Problem> warnings)
    {
        if (section.Get(UnitKeys.Name) is not { } name)
        {
            return null;
        }

        var unit = new NodeUnit(name.Value)
        {
            Content = UnitContent(section, UnitKeys.Content, findings) is { Length: > 0 } content ? content : null,
            DropIns =
            [
                .. section.Sections(UnitKeys.DropIns).Select(dropIn => DropIn(dropIn, name.Value, paths, findings, warnings))
                    .OfType<DropIn>(),
            ],
            Enable = section.Get(UnitKeys.Enable)?.Value ?? false,
            Mask = section.Get(UnitKeys.Mask)?.Value ?? false,
            Runtime = section.Get(UnitKeys.Runtime)?.Value ?? false,
            Command = section.Get(UnitKeys.Command)?.Value,
        };
        paths.Claim(unit.Content is not null || unit.Mask ? unit.FilePath : null, name);
        WarnOfEtcdLock(unit.FilePath, unit.Content ?? "", section.Get(UnitKeys.Content) ?? name, warnings);
        return name.Select(_ => unit);
    }

    private static DropIn? DropIn(
        Section section, string unit, WrittenPaths paths, Findings findings, List<Problem> warnings)
    {
        if (section.Get(DropInKeys.Name) is not { } name || UnitContent(section, DropInKeys.Content, findings) is not { } content)
        {
            return null;
        }

        var dropIn = new DropIn(name.Value, content);
        var path = new NodeUnit(unit).DropInPath(dropIn);
        paths.Claim(path, name);
        WarnOfEtcdLock(path, content, section.Get(DropInKeys.Content) ?? name, warnings);
        return dropIn;
    }

    private static string? UnitContent(Section section, ValueKey<string> key, Findings findings)
    {
        var content = section.Get(key);
        if (content is not null && UnitText.Objection(content.Value) is { } objection)
        {
            findings.Problems.Add(content.Error(objection));
        }

        return content?.Value;
    }

    private static void RefuseContradictions(Stated<NodeUnit> unit, Findings findings)
    {
        if (Contradiction(unit.Value) is { } contradiction)
        {
            findings.Problems.Add(unit.Error(contradiction));
        }
    }

    private static string? Contradiction(NodeUnit unit) =>
        unit.IsNetworkd && (unit.Enable || unit.Mask) ? "is read by networkd: it can be neither enabled nor masked"
        : unit.Mask && (unit.Content is not null || unit.Enable || unit.Starts)
            ? "is masked: it can have no content, and be neither enabled nor started"
        : null;

    private static IReadOnlyList<NodeUser> Users(Section section, Findings findings)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        List<NodeUser> users = [];
        foreach (var entry in section.Sections(CloudConfigKeys.Users))
        {
            if (entry.Get(UserKeys.Name) is not { } name)
            {
                continue;
            }

            users.Add(User(entry, name.Value));
            if (!names.Add(name.Value))
            {
                findings.Problems.Add(name.Error("is there twice"));
            }
        }

        return users;
    }

    private static NodeUser User(Section section, string name) => new(name)
    {
        PasswordHash = section.Get(UserKeys.Password)?.Value,
        SshAuthorizedKeys = section.Values(UserKeys.SshAuthorizedKeys),
        Gecos = section.Get(UserKeys.Gecos)?.Value,
        HomeDirectory = section.Get(UserKeys.HomeDirectory)?.Value,
        NoCreateHome = section.Get(UserKeys.NoCreateHome)?.Value ?? false,
        PrimaryGroup = section.Get(UserKeys.PrimaryGroup)?.Value,
        Groups = section.Values(UserKeys.Groups),
        NoUserGroup = section.Get(UserKeys.NoUserGroup)?.Value ?? false,
        System = section.Get(UserKeys.System)?.Value ?? false,
        NoLogInit = section.Get(UserKeys.NoLogInit)?.Value ?? false,
        Shell = section.Get(UserKeys.Shell)?.Value,
    };
}
