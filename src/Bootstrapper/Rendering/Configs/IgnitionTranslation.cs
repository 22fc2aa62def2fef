using System.Globalization;
using System.Text;

namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// Says in Ignition's words what coreos-cloudinit would do. Ignition runs once, before the installed system first starts.
/// </summary>
internal static class IgnitionTranslation
{
    private const string Version = "3.3.0";

    private const int PublicFile = 0b110_100_100;

    public static IgnitionConfig Of(NodeConfig config)
    {
        var files = Files(config).ToList();
        var all = config.Units.GroupBy(unit => unit.Name, StringComparer.Ordinal).Select(NodeUnit.Together).ToList();
        var links = all.Where(NeedsLink).Select(Link).ToList();
        var users = IgnitionUsers.Of(config);
        var units = all.Where(unit => !unit.IsNetworkd).Select(Unit).ToList();
        return new IgnitionConfig(
            new IgnitionHeader(Version),
            users.Count == 0 ? null : new IgnitionPasswd(users),
            files.Count + links.Count == 0 ? null : new IgnitionStorage(OrNull(files), OrNull(links)),
            units.Count == 0 ? null : new IgnitionSystemd(units));
    }

    private static IEnumerable<IgnitionFile> Files(NodeConfig config) =>
    [
        .. config.HostName is { } name ? [Text("/etc/hostname", $"{name}\n")] : Array.Empty<IgnitionFile>(),
        .. config.ManagesEtcHosts ? [Text("/etc/hosts", $"127.0.0.1 {config.HostName}\n")] : Array.Empty<IgnitionFile>(),
        .. config.Files.Select(File),
        .. config.Units.Where(unit => unit.IsNetworkd).SelectMany(NetworkdFiles),
        .. config.Updates is [] ? Array.Empty<IgnitionFile>() : [Text(UpdateVariable.File, UpdateConf(config.Updates))],
    ];

    /// <summary>
    /// Files are root's unless something else is said, so that need not be; it would be looked up in a system that is not
    /// complete yet.
    /// </summary>
    private static IgnitionFile File(NodeFile file) => new(
        file.Path,
        Overwrite: true,
        file.Mode,
        Account(file.Owner?.User),
        Account(file.Owner?.Group),
        new IgnitionResource(file.Encoding == ContentEncoding.GzipBase64 ? "gzip" : null, $"data:;base64,{Base64(file)}"));

    private static IgnitionFile Text(string path, string content) => File(new NodeFile(path, PublicFile, Owner: null, content));

    private static string Base64(NodeFile file) =>
        file.Encoding == ContentEncoding.Text ? Convert.ToBase64String(Encoding.UTF8.GetBytes(file.Content)) : file.Content;

    private static IgnitionAccount? Account(string? account) => account switch
    {
        null or "root" => null,
        _ when int.TryParse(account, NumberStyles.None, CultureInfo.InvariantCulture, out var id) =>
            new IgnitionAccount(null, id),
        _ => new IgnitionAccount(account, null),
    };

    private static IEnumerable<IgnitionFile> NetworkdFiles(NodeUnit unit) =>
    [
        .. unit.Content is { } content ? [Text(unit.FilePath, content)] : Array.Empty<IgnitionFile>(),
        .. unit.DropIns.Select(dropIn => Text(unit.DropInPath(dropIn), dropIn.Content)),
    ];

    /// <summary>A shell and systemd both read it, and a space ends a word for one of them.</summary>
    private static string UpdateConf(IEnumerable<UpdateSetting> settings) => string.Concat(
        settings.Select(setting => setting.Value.Contains(' ', StringComparison.Ordinal)
            ? $"{setting.Variable.Name}=\"{setting.Value}\"\n"
            : $"{setting.Variable.Name}={setting.Value}\n"));

    private static IgnitionUnit Unit(NodeUnit unit) => new(
        unit.Name,
        IsEnabled(unit),
        unit.Mask ? true : null,
        unit.Content,
        OrNull([.. unit.DropIns.Select(dropIn => new IgnitionDropIn(dropIn.Name, dropIn.Content))]));

    /// <summary>What is enabled starts, at the first boot too. What is stopped must not be started.</summary>
    private static bool? IsEnabled(NodeUnit unit) => unit switch
    {
        { Enable: true } or { Starts: true, CanBeEnabled: true } => true,
        { Command: UnitCommand.Stop } => false,
        _ => null,
    };

    /// <summary>A unit that is to start but does not say what wants it; coreos-cloudinit would start it by hand.</summary>
    private static bool NeedsLink(NodeUnit unit) => unit is { IsNetworkd: false, Starts: true, CanBeEnabled: false };

    private static IgnitionLink Link(NodeUnit unit) =>
        new($"/etc/systemd/system/multi-user.target.wants/{unit.Name}", Overwrite: true, unit.FilePath);

    private static List<T>? OrNull<T>(List<T> items) => items.Count == 0 ? null : items;
}
