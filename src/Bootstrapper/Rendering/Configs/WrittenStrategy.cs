using System.Text.RegularExpressions;
using Bootstrapper.Cluster;

namespace Bootstrapper.Rendering.Configs;

/// <summary>locksmith's strategy, where an operator writes the file that has it.</summary>
internal static partial class WrittenStrategy
{
    /// <summary>What is wrong with a file that <see cref="IsEtcdLock"/>.</summary>
    public const string Objection =
        $"REBOOT_STRATEGY={CoreOsKeys.EtcdLock}: {CoreOsKeys.WhatEtcdLockDoes}. Set off, or reboot with a window";

    private const string OldFile = "/etc/coreos/update.conf", Unit = "/etc/systemd/system/locksmithd.service";

    /// <param name="path">Of the file; units and their drop-ins are files, too.</param>
    public static bool IsEtcdLock(string path, string text) =>
        path is UpdateVariable.File or OldFile or Unit && Asks().IsMatch(text)
        || path.StartsWith($"{Unit}.d/", StringComparison.Ordinal) && Asks().IsMatch(text);

    /// <summary>On a line that is no comment.</summary>
    [GeneratedRegex("^[^#;\\n]*REBOOT_STRATEGY=[\"']?etcd-lock\\b", RegexOptions.Multiline)]
    private static partial Regex Asks();
}
