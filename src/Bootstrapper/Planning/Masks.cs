using System.Text.RegularExpressions;

namespace Bootstrapper.Planning;

/// <summary>
/// Masks what may be secret in a line by how it looks, or by the name before it. No rule knows all secrets, so each hides too
/// much rather than too little.
/// </summary>
internal static partial class Masks
{
    public const string Mask = "<secret>";

    /// <summary>Parts of names, of those too that are written as one word.</summary>
    private const string Word =
        "pass|pwd|pw(?![a-z])|secret|token|psk|credential|creds?(?![a-z])|auth|bearer|cookie|key|otp(?![a-z])|-data(?![a-z])"
            + "|pin(?![a-z])|community|join";

    /// <summary>A name with such a part, and all of it, so that long words are looked through once.</summary>
    private const string Name = @"(?<![\w.\-])(?>[\w.\-]*?(?:" + Word + @"))(?>[\w.\-]*)";

    private const string ShellWord = """(?:\\.|"(?:\\.|[^"\\])*"?|'[^']*'?|[^\s"'\\])+""";

    public static bool IsSecretName(string name) => SecretWord().IsMatch(name) && !PlainName().IsMatch(name.TrimStart('-'));

    /// <summary>Whether any word of a line names a secret.</summary>
    public static bool HasSecretWord(string line) => SecretWord().IsMatch(PlainWords().Replace(line, ""));

    /// <summary>Public keys of operators are what a change is looked at for.</summary>
    public static bool IsPublicKey(string line) => PublicKey().IsMatch(line);

    public static string Of(string line)
    {
        if (Feeds().IsMatch(line) || (Prints().IsMatch(line) && HasSecretWord(line)))
        {
            return SecretBlocks.WithoutText(line);
        }

        line = Encoded().Replace(KeyInLine().Replace(line, Mask), Mask);
        line = Hash().Replace(InUrl().Replace(line, $"://{Mask}@"), Mask);
        line = Random().Replace(line, word => IsRandom(word.Value) ? Mask : word.Value);
        line = WithoutNamed(line);
        line = Given().Replace(line, given => IsHarmless(given.Groups["value"].Value)
            ? given.Value
            : $"{given.Groups["before"].Value}{Mask}");
        return BootstrapToken().Replace(Users().Replace(line, Mask), Mask);
    }

    private static string WithoutNamed(string line)
    {
        for (var from = 0; Named().Match(line, from) is { Success: true } named;)
        {
            var start = named.Index + named.Length;
            var length = LengthOfValue(line, named, start);
            var isShown = !IsSecretName(named.Groups["name"].Value) || IsHarmless(line.Substring(start, length));
            line = isShown ? line : line[..start] + Mask + line[(start + length)..];
            from = isShown ? start : start + Mask.Length;
        }

        return line;
    }

    /// <summary>
    /// All that follows, for nobody knows where a password with spaces ends; but one word where an option among others is given.
    /// </summary>
    private static int LengthOfValue(string line, Match named, int start)
    {
        var before = line[..named.Index];
        var isOption = named.Groups["name"].Value.StartsWith('-') || !Begins().IsMatch(before);
        var isOneWord = named.Groups["sign"].Value == "=" && isOption
            && before.Count(sign => sign == '"') % 2 == 0 && before.Count(sign => sign == '\'') % 2 == 0;
        return isOneWord ? AWord().Match(line, start).Length : line.Length - start;
    }

    /// <summary>A flag, a number, a file's place, a public key; or it stands on the lines that follow.</summary>
    private static bool IsHarmless(string value) =>
        value.Length == 0 || HarmlessValue().IsMatch(value) || IsPublicKey(value);

    /// <summary>A part of it has letters of both kinds, and digits, as base64 has; or it is a long hexadecimal number.</summary>
    private static bool IsRandom(string word) => LongHexadecimal().IsMatch(word) || word.Split('/', '-', '_').Any(part =>
        part.Length >= 16 && part.Any(char.IsAsciiLetterUpper) && part.Any(char.IsAsciiLetterLower)
            && part.Any(char.IsAsciiDigit));

    [GeneratedRegex(Word, RegexOptions.IgnoreCase)]
    private static partial Regex SecretWord();

    private const string PlainNames = "(?:ssh_?)?authorized_?keys?|key(?:board|map|id)|(?:[a-z]+_?)?public_?key|"
        + "authorization-mode|authors?|joined|passed|passthrough|keyword";

    [GeneratedRegex($"^(?:{PlainNames})$", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex PlainName();

    [GeneratedRegex($@"\b(?:{PlainNames})\b", RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex PlainWords();

    [GeneratedRegex(
        "(?<name>" + Name + """)["'\]]{0,2}(?<sign>\s*(?:=>|:=|[:=])\s*)""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Named();

    /// <summary>Nothing but what an assignment may begin with.</summary>
    [GeneratedRegex("""^\s*(?:- +)?(?:export +|Environment=|ENV +)?["']?$""", RegexOptions.ExplicitCapture)]
    private static partial Regex Begins();

    [GeneratedRegex(@"\G" + ShellWord, RegexOptions.ExplicitCapture)]
    private static partial Regex AWord();

    /// <summary>
    /// An option and its word; a word and what follows it, as in .netrc; and the first word of a line with all the rest.
    /// </summary>
    [GeneratedRegex(
        """(?<before>(?<![\w-])--?(?>[\w\-]*?(?:""" + Word + """)[\w\-]*)["']?[\s,]+)(?<value>(?!-)""" + ShellWord
            + """)|(?<before>\b(?:password|passwd|passphrase|psk|requirepass|masterauth|bearer|basic)[ \t]+)(?<value>(?!<)"""
            + ShellWord + """)|(?<before>^\s*(?:- +)?(?>[\w.\-]*?(?:""" + Word
            + """)[\w.\-]*)[ \t]+)(?<value>(?![:=<]).+)""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Given();

    [GeneratedRegex(
        """
        ^["'\s]*(?:true|false|yes|no|on|off|null|none|~|[0-9]{1,5}|<secret>|[|>][-+0-9]*|[\[{]+|\$\{\w+\}
        |/(?:etc|var|run|opt|usr|srv|root|home|dev|tmp|mnt|lib|proc|sys|boot|bsroot|static)(?:/[\w.@+\-]+)*/?)?["'\s,;\\]*$
        """,
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex HarmlessValue();

    [GeneratedRegex(
        """
        ^\s*(?:-\ +)?["']?(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp\d+|sk-[\w\-]+@openssh\.com)
        \ +AAAA[A-Za-z0-9+/=]+(?:\ [\w.@\-]*)?["']?,?\s*$
        """,
        RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex PublicKey();

    [GeneratedRegex("(?<=PRIVATE KEY(?: BLOCK)?-----).+")]
    private static partial Regex KeyInLine();

    /// <summary>Data URLs, and binary text of YAML.</summary>
    [GeneratedRegex("""(?<=\bdata:[\w/+.;=\-]*,)[^\s"',]+|(?<=!!binary\s+)[^\s|>].*""")]
    private static partial Regex Encoded();

    /// <summary>As crypt(5), LDAP and web servers write them.</summary>
    [GeneratedRegex("""\$[0-9a-z][0-9a-z\-]*\$[^\s:"',]+|\{(?:S?SHA[0-9]*|S?MD5|CRYPT)\}\S+""", RegexOptions.IgnoreCase)]
    private static partial Regex Hash();

    /// <summary>The digest of an image is none.</summary>
    [GeneratedRegex("""://(?:[^\s/@"'<>]+|[^\s@"'<>]*:[^\s@"'<>]*)@(?!sha[0-9])""", RegexOptions.ExplicitCapture)]
    private static partial Regex InUrl();

    /// <summary>Whole words of base64 and the like, but no digests and no public keys.</summary>
    [GeneratedRegex(
        """(?<!(?:sha|md5|digest|sum)\w{0,4}[:=\-'" ]{0,3})(?<!ssh-\w+ |ecdsa-[\w\-]+ |openssh\.com )"""
            + """(?<![\w+/=\-])[\w+/=\-]{16,}""",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Random();

    [GeneratedRegex("^[0-9a-f]{32,}$", RegexOptions.IgnoreCase)]
    private static partial Regex LongHexadecimal();

    /// <summary>That of kubeadm.</summary>
    [GeneratedRegex(@"(?<![\w.])[a-z0-9]{6}\.[a-z0-9]{16}(?![\w.])")]
    private static partial Regex BootstrapToken();

    /// <summary>User and password as curl(1) takes them, and passwords as mysql(1) and ipmitool(1) do.</summary>
    [GeneratedRegex(
        """(?<=(?:^|\s)(?:-u|-U|--user|--proxy-user)["']?[\s=,]*["']?)[^\s"':]+:[^\s"']*"""
            + """|(?<=\b(?:mysql|mariadb|ipmitool|ldap|smbclient|login)\b?.*\s-[pPwW] ?)[^\s-]\S*""",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Users();

    /// <summary>Programs that are given passwords, or what is to be hidden from the eye.</summary>
    [GeneratedRegex(
        @"\b(?:chpasswd|htpasswd|sshpass|mkpasswd|smbpasswd|kinit|base64 +-{1,2}d\w*)\b(?!:)", RegexOptions.ExplicitCapture)]
    private static partial Regex Feeds();

    /// <summary>Of what they print the rest of the line says what it is.</summary>
    [GeneratedRegex(@"\b(?:echo|printf)\b", RegexOptions.ExplicitCapture)]
    private static partial Regex Prints();
}
