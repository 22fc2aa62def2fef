using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Rendering.Configs;

/// <summary>An entry of <c>users</c>.</summary>
internal static class UserKeys
{
    public static readonly KeySet All = new();

    private static readonly Syntax<string> Account = Pattern.Of("a name such as core", "[a-z_][a-z0-9_-]*", longest: 32);

    /// <summary>It becomes a field of /etc/passwd.</summary>
    private static readonly Syntax<string> Field =
        Pattern.Of("text on one line without colons", @"[^:\x00-\x1f\x7f-\x9f\u2028\u2029]*");

    public static readonly ValueKey<string> Name = All.Required("name", Account, "Name to log in with.");

    public static readonly ValueKey<string> Password = All.Value("passwd", Field, "Hash of the password, as in /etc/shadow.");

    public static readonly ListKey<string> SshAuthorizedKeys =
        All.List("ssh_authorized_keys", TextSyntax.SshKey, "Public keys that may log in.");

    public static readonly ValueKey<string> Gecos = All.Value("gecos", Field, "Full name.");

    public static readonly ValueKey<string> HomeDirectory =
        All.Value("homedir", FileSyntax.Path, "Home directory. Default: /home/ and the name.");

    public static readonly ValueKey<bool> NoCreateHome =
        All.Value("no_create_home", TextSyntax.Flag, "Whether to leave the home directory out.", fallback: "n");

    public static readonly ValueKey<string> PrimaryGroup =
        All.Value("primary_group", Account, "Group. Default: one of the user's name.");

    public static readonly ListKey<string> Groups = All.List("groups", Account, "Other groups; they must exist.");

    public static readonly ValueKey<bool> NoUserGroup =
        All.Value("no_user_group", TextSyntax.Flag, "Whether to make no group of the user's name.", fallback: "n");

    public static readonly ValueKey<bool> System =
        All.Value("system", TextSyntax.Flag, "Whether it is a service's user, with a low number.", fallback: "n");

    public static readonly ValueKey<bool> NoLogInit =
        All.Value("no_log_init", TextSyntax.Flag, "Whether to leave lastlog and faillog alone.", fallback: "n");

    public static readonly ValueKey<string> Shell = All.Value("shell", FileSyntax.Path, "Login shell.");

    static UserKeys()
    {
        foreach (var name in new[] { "coreos_ssh_import_github", "coreos_ssh_import_github_users", "coreos_ssh_import_url" })
        {
            All.Idle(name, "nothing is fetched from elsewhere; write the keys into ssh_authorized_keys");
        }

        All.Idle("lock_passwd", "without passwd there is no password to log in with");
    }
}
