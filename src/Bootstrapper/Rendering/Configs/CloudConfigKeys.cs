using Bootstrapper.Cluster.Keys;

namespace Bootstrapper.Rendering.Configs;

/// <summary>
/// The top level of a cloud-config as coreos-cloudinit 1.14 reads it. What that program skips without a word is an
/// error to us, for it leaves a machine half configured.
/// </summary>
internal static class CloudConfigKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<string> HostName = All.Value("hostname", NameSyntax.HostName, "Host name.");

    public static readonly ValueKey<string> ManageEtcHosts = All.Value(
        "manage_etc_hosts", Choice.Of([("localhost", "localhost")]),
            "localhost: /etc/hosts says that the host name is 127.0.0.1.");

    public static readonly ListKey<string> SshAuthorizedKeys = All.List("ssh_authorized_keys", TextSyntax.SshKey,
        "Public keys that may log in as core.");

    public static readonly SectionListKey Users = All.Sections("users", UserKeys.All, "Users to make.");

    public static readonly SectionListKey WriteFiles = All.Sections("write_files", FileKeys.All, "Files to write.");

    public static readonly SectionKey CoreOS = All.Section("coreos", CoreOSKeys.All, "Units and updates.");
}

/// <summary>The section <c>coreos</c>.</summary>
internal static class CoreOSKeys
{
    public static readonly KeySet All = new();

    public static readonly SectionListKey Units = All.Sections("units", UnitKeys.All, "Units of systemd and networkd.");

    public static readonly SectionKey Update = All.Section("update", CoreOSUpdateKeys.Update, "Settings of update_engine.");

    public static readonly SectionKey Locksmith = All.Section("locksmith", CoreOSUpdateKeys.Locksmith, "Settings of locksmith.");

    static CoreOSKeys()
    {
        foreach (var name in new[] { "etcd", "etcd2", "fleet" })
        {
            All.Idle(name, "the operating system no longer has it; write a unit");
        }

        All.Idle(
            "flannel",
            "what Flatcar has of flannel needs Docker and an etcd of its own; kubernetes.cni installs flannel as a daemon set, "
                + "and a drop-in of flanneld.service sets what this does");

        All.Idle("oem", "only an image's own config has it");
    }
}

/// <summary>An entry of <c>write_files</c>.</summary>
internal static class FileKeys
{
    public static readonly KeySet All = new();

    public static readonly ValueKey<string> Path = All.Required("path", FileSyntax.Path, "Where to write it.");

    public static readonly ValueKey<int> Permissions =
        All.Value("permissions", FileSyntax.Mode, "Permission bits, in octal.", fallback: "0644");

    public static readonly ValueKey<FileOwner> Owner =
        All.Value("owner", FileSyntax.Owner, "User, or user:group. Default: root.");

    public static readonly ValueKey<ContentEncoding> Encoding =
        All.Value(
            "encoding", FileSyntax.Encoding, "base64, gzip+base64, or gzip of what is !!binary. Default: the content as it is.");

    public static readonly OctetsKey<string> Content =
        All.Octets("content", FileSyntax.Content, "What is in it. Default: nothing.");
}
