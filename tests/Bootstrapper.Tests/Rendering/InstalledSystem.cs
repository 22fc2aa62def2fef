using System.Text;
using System.Text.Json;
using YamlDotNet.Serialization;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// What becomes of a machine that applies a config, one sentence for each thing. Reads both languages with other people's
/// parsers and by what their programs' documentation says, and knows nothing of how we write them.
/// </summary>
internal static class InstalledSystem
{
    private const string UpdateConf = "/etc/flatcar/update.conf";

    private static readonly Dictionary<string, string> UpdateNames = new(StringComparer.Ordinal)
    {
        ["update.reboot_strategy"] = "REBOOT_STRATEGY",
        ["update.group"] = "GROUP",
        ["update.server"] = "SERVER",
        ["locksmith.window_start"] = "LOCKSMITHD_REBOOT_WINDOW_START",
        ["locksmith.window_length"] = "LOCKSMITHD_REBOOT_WINDOW_LENGTH",
        ["locksmith.group"] = "LOCKSMITHD_GROUP",
        ["locksmith.endpoint"] = "LOCKSMITHD_ENDPOINT",
        ["locksmith.etcd_cafile"] = "LOCKSMITHD_ETCD_CAFILE",
        ["locksmith.etcd_certfile"] = "LOCKSMITHD_ETCD_CERTFILE",
        ["locksmith.etcd_keyfile"] = "LOCKSMITHD_ETCD_KEYFILE",
    };

    private static readonly Dictionary<string, string> UserNames = new(StringComparer.Ordinal)
    {
        ["gecos"] = "gecos",
        ["homedir"] = "homeDir",
        ["no_create_home"] = "noCreateHome",
        ["no_log_init"] = "noLogInit",
        ["no_user_group"] = "noUserGroup",
        ["passwd"] = "passwordHash",
        ["primary_group"] = "primaryGroup",
        ["shell"] = "shell",
        ["system"] = "system",
    };

    public static IReadOnlyList<string> OfCloudConfig(string text)
    {
        Assert.StartsWith("#cloud-config\n", text, StringComparison.Ordinal);
        var root = new Yaml(new DeserializerBuilder().Build().Deserialize(text));
        return InOrder(
        [
            .. root.Text("hostname") is { } name
                ? [File("/etc/hostname", "0644", "root", Bytes(name + "\n"))]
                : Array.Empty<string>(),
            .. root.Text("manage_etc_hosts") is "localhost"
                ? [File("/etc/hosts", "0644", "root", Bytes($"127.0.0.1 {root.Text("hostname")}\n"))]
                : Array.Empty<string>(),
            .. root["write_files"].Items.Select(file =>
                File(file.Text("path")!, file.Text("permissions") ?? "0644", file.Text("owner") ?? "root", Decoded(file))),
            .. root["ssh_authorized_keys"].Items.Select(key => Key("core", key.Scalar!)),
            .. root["users"].Items.SelectMany(user =>
                user["ssh_authorized_keys"].Items.Select(key => Key(user.Text("name")!, key.Scalar!))),
            .. root["users"].Items.SelectMany(User),
            .. root["coreos"]["units"].Items.SelectMany(Unit),
            .. UpdateNames.Select(name => (name.Value, Text: root["coreos"][name.Key.Split('.')[0]].Text(name.Key.Split('.')[1])))
                .Where(setting => setting.Text is not null).Select(setting => $"update {setting.Value}={setting.Text}"),
        ]);
    }

    public static IReadOnlyList<string> OfIgnition(string text)
    {
        using var document = JsonDocument.Parse(text);
        var root = new Json(document.RootElement);
        Assert.Equal("3.3.0", root["ignition"].Text("version"));
        return InOrder(
        [
            .. root["storage"]["files"].Items.SelectMany(File),
            .. root["storage"]["links"].Items.Select(link => $"starts {Path.GetFileName(link.Text("target"))}"),
            .. root["passwd"]["users"].Items.SelectMany(user =>
                user["sshAuthorizedKeys"].Items.Select(key => Key(user.Text("name")!, key.Scalar!))),
            .. root["passwd"]["users"].Items.SelectMany(User),
            .. root["systemd"]["units"].Items.SelectMany(Unit),
        ]);
    }

    public static string File(string path, string mode, string owner, byte[] content) =>
        $"file {path} {mode.TrimStart('0').PadLeft(3, '0')} {string.Join(':', owner.Split(':').Append("root").Take(2))} "
            + $"{Convert.ToBase64String(content)}";

    public static string Key(string user, string key) => $"key of {user}: {key}";

    public static IReadOnlyList<string> InOrder(IEnumerable<string> facts) =>
        [.. facts.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Decoded(Yaml file) => file.Text("encoding") switch
    {
        "base64" => Convert.FromBase64String(file.Text("content")!),
        "gzip+base64" => Unzipped(Convert.FromBase64String(file.Text("content")!)),
        _ => Bytes(file.Text("content") ?? ""),
    };

    private static byte[] Unzipped(byte[] packed)
    {
        using var plain = new MemoryStream();
        using var gzip = new System.IO.Compression.GZipStream(
            new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress);
        gzip.CopyTo(plain);
        return plain.ToArray();
    }

    private static IEnumerable<string> File(Json file)
    {
        Assert.True(file.IsTrue("overwrite"));
        var content = Convert.FromBase64String(file["contents"].Text("source")!["data:;base64,".Length..]);
        content = file["contents"].Text("compression") == "gzip" ? Unzipped(content) : content;
        var path = file.Text("path")!;
        return path == UpdateConf
            ? Encoding.UTF8.GetString(content).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(line => $"update {line.Replace("\"", "", StringComparison.Ordinal)}")
            : [File(
                path,
                Convert.ToString(int.Parse(file.Text("mode")!, null), 8),
                $"{Account(file["user"])}:{Account(file["group"])}",
                content)];
    }

    private static string Account(Json account) => account.Text("name") ?? account.Text("id") ?? "root";

    private static IEnumerable<string> User(Json user) => user.Text("name") == "core" ? [] :
        [.. UserNames.Values.Where(key => user.Text(key) is not null).Select(key => $"user {user.Text("name")}: {key} "
            + $"{user.Text(key)}"),
            .. user["groups"].Items.Select(group => $"user {user.Text("name")}: in {group.Scalar}")];

    private static IEnumerable<string> User(Yaml user) => user.Text("name") == "core" ? [] :
        [.. UserNames.Where(name => user.Text(name.Key) is not null).Select(name => $"user {user.Text("name")}: {name.Value} "
            + $"{user.Text(name.Key)}"),
            .. user["groups"].Items.Select(group => $"user {user.Text("name")}: in {group.Scalar}")];

    private static IEnumerable<string> Unit(Json unit)
    {
        var name = unit.Text("name")!;
        return
        [
            .. UnitFiles(
                name,
                unit.Text("contents"),
                unit["dropins"].Items.Select(dropIn => (dropIn.Text("name")!, dropIn.Text("contents")!))),
            .. unit.Text("enabled") switch
            {
                "true" => [$"starts {name}"],
                "false" => [$"does not start {name}"],
                _ => Array.Empty<string>(),
            },
            .. unit.IsTrue("mask") ? [$"masked {name}"] : Array.Empty<string>(),
        ];
    }

    private static IEnumerable<string> Unit(Yaml unit)
    {
        var name = unit.Text("name")!;
        var starts = unit.Text("enable") == "true" || unit.Text("command") is "start" or "restart" or "reload-or-restart";
        var isNetworkd = name.EndsWith(".network", StringComparison.Ordinal)
            || name.EndsWith(".netdev", StringComparison.Ordinal) || name.EndsWith(".link", StringComparison.Ordinal);
        return
        [
            .. UnitFiles(
                name,
                unit.Text("content"),
                unit["drop_ins"].Items.Select(dropIn => (dropIn.Text("name")!, dropIn.Text("content")!)),
                isNetworkd ? "network" : "system"),
            .. starts && !isNetworkd ? [$"starts {name}"] : Array.Empty<string>(),
            .. !starts && !isNetworkd && unit.Text("command") == "stop" ? [$"does not start {name}"] : Array.Empty<string>(),
            .. unit.Text("mask") == "true" ? [$"masked {name}"] : Array.Empty<string>(),
        ];
    }

    private static IEnumerable<string> UnitFiles(
        string name, string? content, IEnumerable<(string Name, string Content)> dropIns, string kind = "system") =>
    [
        .. content is null ? Array.Empty<string>() : [File($"/etc/systemd/{kind}/{name}", "0644", "root", Bytes(content))],
        .. dropIns.Select(dropIn => File($"/etc/systemd/{kind}/{name}.d/{dropIn.Name}", "0644", "root", Bytes(dropIn.Content))),
    ];

    /// <summary>A value of YamlDotNet's untyped model, or nothing.</summary>
    private readonly record struct Yaml(object? Value)
    {
        public string? Scalar => Value as string;

        public IEnumerable<Yaml> Items => (Value as List<object>)?.Select(item => new Yaml(item)) ?? [];

        public Yaml this[string key] => new(Value is Dictionary<object, object> mapping ? mapping.GetValueOrDefault(key) : null);

        public string? Text(string key) => this[key].Scalar;
    }

    /// <summary>A JSON value, or nothing.</summary>
    private readonly record struct Json(JsonElement? Value)
    {
        public string? Scalar => Value is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Array) } value
            ? value.ValueKind == JsonValueKind.String ? value.GetString() : value.GetRawText()
            : null;

        public IEnumerable<Json> Items =>
            Value is { ValueKind: JsonValueKind.Array } array ? array.EnumerateArray().Select(item => new Json(item)) : [];

        public Json this[string key] => new(
            Value is { ValueKind: JsonValueKind.Object } mapping && mapping.TryGetProperty(key, out var value) ? value : null);

        public string? Text(string key) => this[key].Scalar;

        public bool IsTrue(string key) => Text(key) == "true";
    }
}
