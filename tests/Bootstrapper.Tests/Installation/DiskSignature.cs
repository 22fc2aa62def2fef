using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace Bootstrapper.Tests.Installation;

/// <summary>What a file system, a volume manager or a RAID writes to know its disk again, as libblkid looks for it.</summary>
/// <param name="At">From the begin of the disk, in bytes; by the size of the disk and of its sectors.</param>
internal sealed record DiskSignature(string Name, bool IsAtEnd, Func<long, int, long> At, Func<long, int, byte[]> Bytes)
{
    private const uint MdMagic = 0xa92b4efc;

    public static IReadOnlyList<DiskSignature> All { get; } =
    [
        AtEnd("md 0.90", (size, _) => (size & ~0xffffL) - 0x10000, (size, _) => Md090(size)),
        AtEnd("md 1.0", (size, _) => Md10(size), (size, _) => Md1(Md10(size))),
        AtEnd("zfs label 3", (size, _) => (size & ~0x3ffffL) - 0x40000 + 0x20000, (_, _) => Uberblocks()),
        AtEnd("imsm", (size, sector) => size - (2 * sector), (_, _) => Text(512, (0, "Intel Raid ISM Cfg Sig. 1.3.00"))),
        AtEnd("ddf", (size, _) => size - 512, (_, _) => Ddf()),
        AtEnd("drbd", (size, _) => size - 4096, (_, _) => Drbd()),
        AtStart("mbr", 0, _ => Mbr()),
        AtStart("md 1.1", 0, _ => Md1(0)),
        AtStart("md 1.2", 4096, _ => Md1(4096)),
        AtStart("luks 1", 0, _ => Luks(1)),
        AtStart("luks 2", 0, _ => Luks(2)),
        AtStart("lvm", 512, _ => Lvm()),
        AtStart("zfs label 0", 0x20000, _ => Uberblocks()),
        AtStart("ext4", 1024, _ => Ext4()),
        AtStart("xfs", 0, _ => Xfs()),
        AtStart("btrfs", 0x10000, Btrfs),
        AtStart("swap", 1024, _ => Swap()),
        AtStart("bcache", 4096, _ => Bcache()),
        AtStart("vfat", 0, _ => Text(512, (0, "\u00eb\u003c\u0090mkfs.fat"), (54, "FAT16   "), (510, "\u0055\u00aa"))),
    ];

    private static DiskSignature AtEnd(string name, Func<long, int, long> at, Func<long, int, byte[]> bytes) =>
        new(name, IsAtEnd: true, at, bytes);

    private static DiskSignature AtStart(string name, long at, Func<long, byte[]> bytes) =>
        new(name, IsAtEnd: false, (_, _) => at, (size, _) => bytes(size));

    private static long Md10(long size) => (((size / 512) - 16) & ~7L) * 512;

    private static byte[] Md090(long size)
    {
        var block = new byte[4096];
        Put(block, 0, MdMagic);
        Put(block, 8, 90u);
        Put(block, 20, 0x1234u); // UUID
        Put(block, 32, (uint)(((size & ~0xffffL) - 0x10000) / 1024));
        return block;
    }

    private static byte[] Md1(long at)
    {
        var block = new byte[512];
        Put(block, 0, MdMagic);
        Put(block, 4, 1u);
        Put(block, 16, 0x1234u); // UUID
        BinaryPrimitives.WriteInt64LittleEndian(block.AsSpan(144), at / 512);
        return block;
    }

    private static byte[] Uberblocks()
    {
        var ring = new byte[0x20000];
        for (var slot = 0; slot < 128; slot++)
        {
            Put(ring, slot * 1024, 0x00bab10cu);
            Put(ring, (slot * 1024) + 8, 5000u); // version
            Put(ring, (slot * 1024) + 16, 1u); // transaction
        }

        return ring;
    }

    private static byte[] Ddf()
    {
        var header = new byte[512];
        BinaryPrimitives.WriteUInt32BigEndian(header, 0xde11de11);
        Encoding.ASCII.GetBytes("TEST    0123456789ABCDEF").CopyTo(header, 8);
        Encoding.ASCII.GetBytes("01.02.00").CopyTo(header, 32);
        header.AsSpan(4, 4).Fill(0xff); // the checksum is of a header whose checksum is all ones
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), ~Crc32(header, uint.MaxValue));
        return header;
    }

    private static byte[] Drbd()
    {
        var block = new byte[4096];
        BinaryPrimitives.WriteUInt64BigEndian(block, 1); // size
        BinaryPrimitives.WriteUInt64BigEndian(block.AsSpan(40), 0x1234); // UUID
        BinaryPrimitives.WriteUInt32BigEndian(block.AsSpan(60), 0x8374026d); // 8.4
        return block;
    }

    private static byte[] Mbr()
    {
        var sector = new byte[512];
        sector[450] = 0x83;
        Put(sector, 454, 2048u);
        Put(sector, 458, 4096u);
        (sector[510], sector[511]) = (0x55, 0xaa);
        return sector;
    }

    private static byte[] Luks(byte version)
    {
        var header = Text(4096, (0, "LUKS\u00ba\u00be"), (168, "00000000-0000-0000-0000-000000001234"));
        header[7] = version;
        return header;
    }

    private static byte[] Lvm()
    {
        var label = Text(512, (0, "LABELONE"), (24, "LVM2 001"), (32, "01234567890123456789012345678901"));
        Put(label, 8, 1u); // its own sector
        Put(label, 20, 32u);
        Put(label, 16, Crc32(label.AsSpan(20), 0xf597a6cf));
        return label;
    }

    private static byte[] Ext4()
    {
        var super = new byte[1024];
        Put(super, 0, 1024u); // inodes
        Put(super, 4, 4096u); // blocks
        (super[0x38], super[0x39]) = (0x53, 0xef);
        Put(super, 0x4c, 1u); // revision
        Put(super, 0x60, 0x42u); // extents, typed entries of folders
        return super;
    }

    private static byte[] Xfs()
    {
        var super = Text(512, (0, "XFSB"));
        void Big(int at, uint value) => BinaryPrimitives.WriteUInt32BigEndian(super.AsSpan(at), value);
        void Short(int at, ushort value) => BinaryPrimitives.WriteUInt16BigEndian(super.AsSpan(at), value);
        Big(4, 4096); // bytes of a block
        Big(12, 65536); // blocks
        super[47] = 0x34; // UUID
        Big(84, 16384); // blocks of a group
        Big(88, 4); // groups
        Big(96, 2560); // blocks of the log
        Short(100, 0xb4a4); // version
        Short(102, 512); // bytes of a sector
        Short(104, 512); // of an inode
        Short(106, 8); // inodes of a block
        (super[120], super[121], super[122], super[123], super[124]) = (12, 9, 9, 3, 14); // their logarithms
        super[80 + 3] = 1; // blocks of an extent in real time
        super[127] = 25; // of all space, for inodes
        return super;
    }

    private static byte[] Btrfs(long size)
    {
        var super = Text(4096, (64, "_BHRfS_M"));
        super[32 + 15] = 0x34; // UUID
        BinaryPrimitives.WriteInt64LittleEndian(super.AsSpan(48), 0x10000); // where it is
        BinaryPrimitives.WriteInt64LittleEndian(super.AsSpan(112), size);
        Put(super, 144, 4096u); // bytes of a sector
        Put(super, 148, 16384u); // of a node
        var crc = uint.MaxValue;
        foreach (var one in super.AsSpan(32))
        {
            crc = BitOperations.Crc32C(crc, one);
        }

        Put(super, 0, ~crc);
        return super;
    }

    private static byte[] Swap()
    {
        var page = Text(3072, (3072 - 10, "SWAPSPACE2"));
        Put(page, 0, 1u); // version
        Put(page, 4, 1000u); // last page
        return page;
    }

    private static byte[] Bcache()
    {
        byte[] magic = [0xc6, 0x85, 0x73, 0xf6, 0x4e, 0x1a, 0x45, 0xca, 0x82, 0x65, 0xf5, 0x7f, 0x48, 0xba, 0x6d, 0x81];
        var super = new byte[4096];
        Put(super, 8, 8u); // where it is, in sectors
        Put(super, 16, 1u); // version
        magic.CopyTo(super, 24);
        super[40] = 0x34; // UUID
        BinaryPrimitives.WriteUInt64LittleEndian(super, Crc64(super.AsSpan(8, 208 - 8)));
        return super;
    }

    private static void Put(byte[] block, int at, uint value) =>
        BinaryPrimitives.WriteUInt32LittleEndian(block.AsSpan(at), value);

    private static byte[] Text(int length, params ReadOnlySpan<(int At, string Text)> texts)
    {
        var block = new byte[length];
        foreach (var (at, text) in texts)
        {
            Encoding.Latin1.GetBytes(text).CopyTo(block, at);
        }

        return block;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes, uint crc)
    {
        foreach (var one in bytes)
        {
            crc ^= one;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ ((crc & 1) * 0xedb88320);
            }
        }

        return crc;
    }

    /// <summary>bcache's: ECMA-182's polynomial, highest bit first.</summary>
    private static ulong Crc64(ReadOnlySpan<byte> bytes)
    {
        var crc = ulong.MaxValue;
        foreach (var one in bytes)
        {
            crc ^= (ulong)one << 56;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc << 1) ^ ((crc >> 63) * 0x42f0e1eba9ea3693);
            }
        }

        return crc ^ ulong.MaxValue;
    }
}
