using static Bootstrapper.Matchbox.Butane.ButaneShape;

namespace Bootstrapper.Matchbox.Butane;

/// <summary>
/// The keys of a Butane config, of the variants flatcar to 1.1 and fcos to 1.5 (coreos.github.io/butane/specs), which is what
/// matchbox reads. Ignition has each of them in camel case.
/// </summary>
internal static class ButaneKeys
{
    public const string Inline = "inline", Variant = "variant", Version = "version";

    private static readonly ButaneShape Local = Refused("matchbox has no directory of local files: use inline");

    private static readonly ButaneShape ByHand =
        Refused("is not supported here: write out what it stands for, or convert the file with butane and serve it as .ign");

    private static readonly ButaneShape Resource = Section(
        ("source", Text),
        (Inline, Text),
        ("local", Local),
        ("compression", Text),
        ("http_headers", List(Section(("name", Text), ("value", Text)))),
        ("verification", Section(("hash", Text))));

    private static readonly ButaneShape Account = Section(("id", Number), ("name", Text));

    private static readonly ButaneShape Ignition = Section(
        ("config", Section(("merge", List(Resource)), ("replace", Resource))),
        ("timeouts", Section(("http_response_headers", Number), ("http_total", Number))),
        ("security", Section(("tls", Section(("certificate_authorities", List(Resource)))))),
        ("proxy", Section(("http_proxy", Text), ("https_proxy", Text), ("no_proxy", List(Text)))));

    private static readonly ButaneShape Disk = Section(
        ("device", Text),
        ("wipe_table", Flag),
        ("partitions", List(Section(
            ("label", Text),
            ("number", Number),
            ("size_mib", Number),
            ("start_mib", Number),
            ("type_guid", Text),
            ("guid", Text),
            ("wipe_partition_entry", Flag),
            ("should_exist", Flag),
            ("resize", Flag)))));

    private static readonly ButaneShape Raid =
        Section(("name", Text), ("level", Text), ("devices", List(Text)), ("spares", Number), ("options", List(Text)));

    private static readonly ButaneShape Filesystem = Section(
        ("device", Text),
        ("format", Text),
        ("path", Text),
        ("wipe_filesystem", Flag),
        ("label", Text),
        ("uuid", Text),
        ("options", List(Text)),
        ("mount_options", List(Text)),
        ("with_mount_unit", ByHand));

    private static readonly ButaneShape File = Section(
        ("path", Text),
        ("overwrite", Flag),
        ("contents", Resource),
        ("append", List(Resource)),
        ("mode", Number),
        ("user", Account),
        ("group", Account));

    private static readonly ButaneShape Folder =
        Section(("path", Text), ("overwrite", Flag), ("mode", Number), ("user", Account), ("group", Account));

    private static readonly ButaneShape Link = Section(
        ("path", Text), ("overwrite", Flag), ("user", Account), ("group", Account), ("target", Text), ("hard", Flag));

    private static readonly ButaneShape Clevis = Section(
        ("custom", Section(("config", Text), ("needs_network", Flag), ("pin", Text))),
        ("tang", List(Section(("url", Text), ("thumbprint", Text), ("advertisement", Text)))),
        ("threshold", Number),
        ("tpm2", Flag));

    private static readonly ButaneShape Luks = Section(
        ("name", Text),
        ("device", Text),
        ("key_file", Resource),
        ("label", Text),
        ("uuid", Text),
        ("options", List(Text)),
        ("discard", Flag),
        ("open_options", List(Text)),
        ("wipe_volume", Flag),
        ("clevis", Clevis));

    private static readonly ButaneShape Unit = Section(
        ("name", Text),
        ("enabled", Flag),
        ("mask", Flag),
        ("contents", Text),
        ("contents_local", Local),
        ("dropins", List(Section(("name", Text), ("contents", Text), ("contents_local", Local)))));

    private static readonly ButaneShape User = Section(
        ("name", Text),
        ("password_hash", Text),
        ("ssh_authorized_keys", List(Text)),
        ("ssh_authorized_keys_local", Local),
        ("uid", Number),
        ("gecos", Text),
        ("home_dir", Text),
        ("no_create_home", Flag),
        ("primary_group", Text),
        ("groups", List(Text)),
        ("no_user_group", Flag),
        ("no_log_init", Flag),
        ("shell", Text),
        ("should_exist", Flag),
        ("system", Flag));

    private static readonly ButaneShape Group =
        Section(("name", Text), ("gid", Number), ("password_hash", Text), ("should_exist", Flag), ("system", Flag));

    public static readonly SectionShape All = Section(
        (Variant, Text),
        (Version, Text),
        ("ignition", Ignition),
        ("storage", Section(
            ("disks", List(Disk)),
            ("raid", List(Raid)),
            ("filesystems", List(Filesystem)),
            ("files", List(File)),
            ("directories", List(Folder)),
            ("links", List(Link)),
            ("luks", List(Luks)),
            ("trees", Local))),
        ("systemd", Section(("units", List(Unit)))),
        ("passwd", Section(("users", List(User)), ("groups", List(Group)))),
        ("kernel_arguments", Section(("should_exist", List(Text)), ("should_not_exist", List(Text)))),
        ("boot_device", ByHand),
        ("grub", ByHand));
}
