using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json.Nodes;
using Bootstrapper.Host;

namespace Bootstrapper.Cluster.Keys;

/// <summary>Everything else that is one value: booleans, numbers, identities, keys, addresses of servers.</summary>
internal static class TextSyntax
{
    private static readonly string KeyKind =
        $"(?:{string.Join('|', SshPublicKey.Kinds).Replace(".", @"\.", StringComparison.Ordinal)})";

    private const string UrlText = @"https?://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:/[A-Za-z0-9._~/%+-]*)?";
    private const string YesOrNo = "[yY]|[yY][eE][sS]|[oO][nN]|[tT][rR][uU][eE]|[nN]|[nN][oO]|[oO][fF][fF]|[fF][aA][lL][sS][eE]";

    /// <summary>The booleans of YAML 1.1 (yaml.org/type/bool), in any case and also in quotes.</summary>
    public static readonly Syntax<bool> Flag = new(
        "y or n",
        TryReadFlag,
        new JsonObject { ["anyOf"] = new JsonArray(new JsonObject { ["type"] = "boolean" }, Pattern.Schema(YesOrNo)) });

    public static readonly Syntax<int> Count = new(
        "a whole number, 1 or more",
        (string text, out int count) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count) && count > 0,
        new JsonObject { ["type"] = "integer", ["minimum"] = 1 });

    /// <summary>Of something that is looked at again and again.</summary>
    public static readonly Syntax<int> Milliseconds = new(
        "a number of milliseconds from 10 to 10000",
        (string text, out int number) =>
            int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number is >= 10 and <= 10_000,
        new JsonObject { ["type"] = "integer", ["minimum"] = 10, ["maximum"] = 10_000 });

    public static readonly Syntax<Guid> Uuid = new(
        "a UUID such as 4c4c4544-0051-3010-8052-b4c04f4e3232",
        (string text, out Guid uuid) => Guid.TryParseExact(text, "D", out uuid) && !SystemUuid.IsFiller(uuid),
        Pattern.Schema("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"))
    {
        Objection = text => Guid.TryParseExact(text, "D", out var uuid) && SystemUuid.IsFiller(uuid)
            ? "is what vendors leave in many machines, and identifies none: leave it out"
            : null,
    };

    public static readonly Syntax<SerialNumber> Serial = new(
        "a serial number (words that vendors leave in every machine are none)",
        (string text, out SerialNumber serial) => SerialNumber.TryParse(text, CultureInfo.InvariantCulture, out serial)
            && text.All(char.IsAscii) && !text.Any(Printable.BreaksLines),
        Pattern.SchemaOfAnyScalar(@"[\x20-\x7e]+"));

    public static readonly Syntax<string> Sha256 = Pattern.Of("a SHA-256 digest: 64 hexadecimal digits", "[0-9A-Fa-f]{64}");

    public static readonly Syntax<string> SshKey = Pattern.Of(
        "an SSH public key such as ssh-ed25519 AAAA… name",
        @"(?:[\x21-\x7e][\t\x20-\x7e]*[ \t])?" + KeyKind
            + @"[ \t]+[A-Za-z0-9+/]+={0,3}(?:[ \t][^\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]*)?") with
    {
        Objection = AuthorizedKey.Objection,
    };

    /// <summary>Read without the <c>v</c>.</summary>
    public static readonly Syntax<string> KubernetesVersion =
        WithoutPrefix("v", Pattern.Of(
            "a Kubernetes release such as 1.35.0",
            @"v?[1-9][0-9]{0,3}(?:\.(?:0|[1-9][0-9]{0,3})){2}(?:-[a-z0-9.]+)?"));

    /// <summary>Nothing that iPXE would take for a comment or for the end of a command.</summary>
    public static readonly Syntax<string> KernelArgument =
        Pattern.Of("one kernel argument such as console=ttyS0,115200", @"(?!#|&&|\|\|)[\x21-\x7e]+");

    /// <summary>No variable and no query in it: a loader's script and its file name may stand for the same file.</summary>
    public static readonly Syntax<string> BootFile = Pattern.Of(
        "a path below www/ or a URL", UrlText + "|" + @"/?[A-Za-z0-9][A-Za-z0-9_.+-]*(?:/[A-Za-z0-9][A-Za-z0-9_.+-]*)*");

    public static readonly Syntax<string> Argument = Pattern.Of("one argument such as --v=2", @"--[\x21-\x7e]+");

    public static readonly Syntax<string> TrueOrFalse = Choice.Of([("true", "true"), ("false", "false")]);

    public static readonly Syntax<string> Line = new(
        "text on one line",
        (string text, [MaybeNullWhen(false)] out string value) => !(value = text).Any(Printable.BreaksLines),
        new JsonObject { ["type"] = new JsonArray("string", "number", "boolean", "null") })
    {
        IsSecret = true,
    };

    /// <summary>Only characters that no shell takes for its own.</summary>
    public static readonly Syntax<Uri> Url = new(
        "a URL such as http://mirror.example.com/flatcar",
        TryReadUrl,
        Pattern.Schema(UrlText));

    private static readonly Syntax<string> UrlPattern = Pattern.Of("a URL", UrlText);

    private static bool TryReadUrl(string text, [MaybeNullWhen(false)] out Uri url)
    {
        url = null;
        return UrlPattern.TryRead(text, out _) && Uri.TryCreate(text, UriKind.Absolute, out url);
    }

    private static bool TryReadFlag(string text, out bool value)
    {
        value = text.ToUpperInvariant() is "Y" or "YES" or "ON" or "TRUE";
        return value || text.ToUpperInvariant() is "N" or "NO" or "OFF" or "FALSE";
    }

    private static Syntax<string> WithoutPrefix(string prefix, Syntax<string> syntax) => syntax with
    {
        TryRead = (string text, [MaybeNullWhen(false)] out string value) =>
        {
            value = text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
            return syntax.TryRead(text, out _);
        },
    };
}
