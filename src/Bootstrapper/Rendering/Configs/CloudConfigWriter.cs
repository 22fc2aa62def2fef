using System.Globalization;

namespace Bootstrapper.Rendering.Configs;

/// <summary>Writes a config as coreos-cloudinit reads it. The same config gives the same bytes.</summary>
internal static class CloudConfigWriter
{
    /// <summary>
    /// A config that says nothing is written as one: a file of comments alone looks like a template that failed.
    /// </summary>
    private const string Nothing = "{}\n";

    /// <param name="comment">One line that says what made it.</param>
    public static string Write(NodeConfig config, string comment) =>
        $"#cloud-config\n# {comment}\n{(Body(config) is { Length: > 0 } body ? body : Nothing)}";

    private static string Body(NodeConfig config)
    {
        var yaml = new YamlWriter();
        yaml.Value("hostname", config.HostName);
        yaml.Value("manage_etc_hosts", config.ManagesEtcHosts ? "localhost" : null);
        yaml.Values("ssh_authorized_keys", config.SshAuthorizedKeys);
        yaml.Items("users", config.Users, user => Write(user, yaml));
        yaml.Items("write_files", config.Files, file => Write(file, yaml));
        if (config.Units.Count + config.Updates.Count > 0)
        {
            yaml.Section("coreos", () => WriteCoreOS(config, yaml));
        }

        return yaml.ToString();
    }

    private static void WriteCoreOS(NodeConfig config, YamlWriter yaml)
    {
        foreach (var section in config.Updates.GroupBy(setting => setting.Variable.Section, StringComparer.Ordinal))
        {
            yaml.Section(section.Key, () => Write(section, yaml));
        }

        yaml.Items("units", config.Units, unit => Write(unit, yaml));
    }

    private static void Write(IEnumerable<UpdateSetting> settings, YamlWriter yaml)
    {
        foreach (var setting in settings)
        {
            yaml.Value(setting.Variable.Key.Name, setting.Value);
        }
    }

    private static void Write(NodeUser user, YamlWriter yaml)
    {
        yaml.Value("name", user.Name);
        yaml.Value("passwd", user.PasswordHash);
        yaml.Values("ssh_authorized_keys", user.SshAuthorizedKeys);
        yaml.Value("gecos", user.Gecos);
        yaml.Value("homedir", user.HomeDirectory);
        yaml.Flag("no_create_home", user.NoCreateHome);
        yaml.Value("primary_group", user.PrimaryGroup);
        yaml.Values("groups", user.Groups);
        yaml.Flag("no_user_group", user.NoUserGroup);
        yaml.Flag("system", user.System);
        yaml.Flag("no_log_init", user.NoLogInit);
        yaml.Value("shell", user.Shell);
    }

    private static void Write(NodeFile file, YamlWriter yaml)
    {
        yaml.Value("path", file.Path);
        yaml.Value("permissions", Convert.ToString(file.Mode, toBase: 8).PadLeft(4, '0'));
        yaml.Value("owner", file.Owner?.ToString());
        yaml.Value("encoding", file.Encoding switch
        {
            ContentEncoding.Base64 => "base64",
            ContentEncoding.GzipBase64 => "gzip+base64",
            _ => null,
        });
        yaml.Value("content", file.Content);
    }

    private static void Write(NodeUnit unit, YamlWriter yaml)
    {
        yaml.Value("name", unit.Name);
        yaml.Flag("mask", unit.Mask);
        yaml.Flag("enable", unit.Enable);
        yaml.Flag("runtime", unit.Runtime);
        yaml.Value("command", unit.Command is { } command ? Verb(command) : null);
        yaml.Value("content", unit.Content);
        yaml.Items("drop_ins", unit.DropIns, dropIn =>
        {
            yaml.Value("name", dropIn.Name);
            yaml.Value("content", dropIn.Content);
        });
    }

    private static string Verb(UnitCommand command) => command switch
    {
        UnitCommand.TryRestart => "try-restart",
        UnitCommand.ReloadOrRestart => "reload-or-restart",
        UnitCommand.ReloadOrTryRestart => "reload-or-try-restart",
        _ => command.ToString().ToLower(CultureInfo.InvariantCulture),
    };
}
