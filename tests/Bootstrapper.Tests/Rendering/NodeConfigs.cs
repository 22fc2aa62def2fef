using Bootstrapper.Rendering.Configs;
using Bootstrapper.Tests.Support;
using FsCheck;
using FsCheck.Fluent;

namespace Bootstrapper.Tests.Rendering;

/// <summary>Configs of every kind, with texts made of what breaks YAML, JSON and templates.</summary>
internal static class NodeConfigs
{
    private static readonly string[] Harmless =
        ["a", "ssh-ed25519", "0", "1.10", "y", "off", "null", "~", "true", "é", "ünï", "☃", "漢", "\U0001F600", "/", "=", "@"];

    private static readonly string[] Awkward =
    [
        " ",
        "  ",
        ": ",
        ":",
        "#",
        " # ",
        "'",
        "\"",
        "\\",
        "\\n",
        "{{",
        "}}",
        "{{Hostname}}",
        "{",
        "}",
        "[",
        "]",
        ",",
        "- ",
        "? ",
        "|",
        ">",
        "&a",
        "*a",
        "!!binary ",
        "%",
        "`",
        "$(x)",
        "<<",
        "---", "...", "\u00a0", "\u200b", "\uFEFF", "\uFFFD",
    ];

    private static readonly string[] LineBreaking =
    [
        "\n", "\n\n", "\n  ", "\t", "\r", "\r\n", "\0", "\u0007", "\u0085", "\u2028", "\u2029", "\x7f", "\n- ", "\n#", "\n---\n",
    ];

    /// <summary>Without control characters.</summary>
    public static readonly Gen<string> Line = Gen.Elements([.. Harmless, .. Awkward]).ListOf().Select(string.Concat);

    public static readonly Gen<string> Text =
        Gen.Elements([.. Harmless, .. Awkward, .. LineBreaking]).ListOf().Select(string.Concat);

    public static readonly Gen<string> SshKey =
        Line.Select(comment => comment.Length == 0 ? SampleKeys.One : $"{SampleKeys.One} {comment}");

    private static readonly Gen<bool> Flag = Gen.Elements(false, true);

    /// <summary>A part of a path; file systems take 255 bytes for one, and a number is put behind it.</summary>
    private static readonly Gen<string> PathPiece = Line.Select(line => $"_{Cut(line.Replace('/', '_'), bytes: 200)}");

    private static readonly Gen<NodeFile> File =
        from path in PathPiece
        from mode in Gen.Choose(0, 0b111_111_111)
        from owner in Gen.Elements<FileOwner?>(null, new("root", null), new("core", "docker"), new("500", "27"))
        from isText in Flag
        from text in Text
        select isText
            ? new NodeFile($"/etc/{path}", mode, owner, text)
            : new NodeFile(
                $"/etc/{path}",
                mode,
                owner,
                Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(text)),
                ContentEncoding.Base64);

    private static readonly Gen<string> UnitContent =
        Line.Select(value => $"# {value}.\n[Service]\nExecStart=/bin/echo {value.Replace("\\", "", StringComparison.Ordinal)}\n");

    private static readonly Gen<DropIn> OneDropIn = UnitContent.Select(content => new DropIn("10.conf", content));

    private static readonly Gen<NodeUnit> Unit =
        from suffix in Gen.Elements("service", "timer", "socket", "network", "link")
        from content in Gen.OneOf(UnitContent.Select(text => (string?)text), Gen.Constant<string?>(null))
        from dropIns in OneDropIn.ListOf(1)
        from enable in Flag
        from mask in Flag
        from runtime in Flag
        from command in Gen.Elements<UnitCommand?>([null, .. Enum.GetValues<UnitCommand>()])
        select Sensible(new NodeUnit($"x.{suffix}")
        {
            Content = content,
            DropIns = [.. dropIns],
            Enable = enable,
            Mask = mask,
            Runtime = runtime,
            Command = command,
        });

    private static readonly Gen<NodeUser> User =
        from keys in SshKey.ListOf()
        from gecos in Line.Select(line => line.Replace(':', '_'))
        from shell in PathPiece
        from system in Flag
        select new NodeUser("user")
        {
            SshAuthorizedKeys = [.. keys],
            Gecos = gecos,
            Shell = $"/bin/{shell}",
            System = system,
            Groups = ["wheel"],
        };

    private static readonly Gen<UpdateSetting> Setting =
        from variable in Gen.Elements<UpdateVariable>(
            [.. CoreOSUpdateKeys.Variables.Where(variable => variable.Key.Name is "group" or "server" or "endpoint")])
        from value in Gen.Elements("stable", "off", "1.0", "http://x/ y", "é: #")
        select new UpdateSetting(variable, value);

    public static readonly Gen<NodeConfig> All =
        from hostName in Gen.Elements<string?>(null, "n1", "1e3", "null", "n1.example.com")
        from hosts in Flag
        from keys in SshKey.ListOf()
        from users in User.ListOf()
        from files in File.ListOf()
        from units in Unit.ListOf()
        from updates in Setting.ListOf()
        select new NodeConfig
        {
            HostName = hostName,
            ManagesEtcHosts = hosts && hostName is not null,
            SshAuthorizedKeys = [.. keys],
            Users = [.. users.Select((user, i) => user with { Name = $"{user.Name}{i}" })],
            Files = [.. files.Select((file, i) => file with { Path = $"{file.Path}{i}" })],
            Units = [.. units.Select((unit, i) => unit with { Name = $"{i}{unit.Name}" })],
            Updates = [.. CoreOSUpdateKeys.Variables.Select(variable =>
                updates.FirstOrDefault(update => update.Variable == variable))
                .OfType<UpdateSetting>()],
        };

    /// <summary>As many whole characters of the beginning as these bytes of UTF-8 hold.</summary>
    private static string Cut(string text, int bytes) => string.Concat(text.EnumerateRunes()
        .Select(rune => (rune, end: bytes -= rune.Utf8SequenceLength))
        .TakeWhile(piece => piece.end >= 0)
        .Select(piece => piece.rune.ToString()));

    private static NodeUnit Sensible(NodeUnit unit) => unit switch
    {
        { IsNetworkd: true } => unit with { Enable = false, Mask = false },
        { Mask: true } => unit with { Content = null, Enable = false, Command = null },
        _ => unit,
    };
}
