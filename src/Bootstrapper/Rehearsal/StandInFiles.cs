using System.Security.Cryptography;
using Bootstrapper.Cluster;
using Bootstrapper.Model;

namespace Bootstrapper.Rehearsal;

/// <summary>Files of noise by the names of a release, so that there is something to fetch where nothing boots from it.</summary>
internal static class StandInFiles
{
    private const string Version = "4593.2.5";

    /// <summary>In bytes, as iPXE's are.</summary>
    private const int BiosLoader = 70 << 10, UefiLoader = 200 << 10;

    /// <param name="kernel">In bytes, as the others.</param>
    public static void Put(Bsroot bsroot, ClusterDescription cluster, long kernel, long initrd, long image)
    {
        var names = ReleaseFiles.Of(cluster.Os.Name);
        foreach (var channel in cluster.Nodes.Select(node => node.Channel).Distinct(StringComparer.Ordinal))
        {
            foreach (var (name, length) in new[] { (names.Kernel, kernel), (names.Initrd, initrd), (names.Image, image) })
            {
                Write(Path.Combine(bsroot.Www, channel, Version, name), length);
            }

            Bsroot.Link(Path.Combine(bsroot.Www, channel, "current"), Version);
        }

        Write(Path.Combine(bsroot.TftpRoot, Firmware.Bios.Loader), BiosLoader);
        Write(Path.Combine(bsroot.TftpRoot, Firmware.X64.Loader), UefiLoader);
    }

    private static void Write(string file, long length)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using var stream = File.Create(file);
        var noise = new byte[64 << 10];
        for (var left = length; left > 0; left -= noise.Length)
        {
            RandomNumberGenerator.Fill(noise);
            stream.Write(noise.AsSpan(0, (int)Math.Min(left, noise.Length)));
        }
    }
}
