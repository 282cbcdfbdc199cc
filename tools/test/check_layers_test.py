"""check_layers finds each way of breaking the arrows of ARCHITECTURE.md, and nothing in a tree that
keeps them."""

import pathlib
import unittest

import tree

CHECK = pathlib.Path(__file__).parents[1] / "check_layers"

HEADER = "libs/engineio/include/parley/engineio/server.hpp"
SOURCE = "libs/engineio/src/server.cpp"
LISTING = "libs/engineio/CMakeLists.txt"

GOOD = {
    HEADER: '#pragma once\n#include <string>\n#include <parley/base/time.hpp>\n#include "local.hpp"\n',
    SOURCE: "// co_await and <thread> are only words here\n#include <parley/engineio/server.hpp>\n",
    LISTING: "parley_add_library(engineio SOURCES src/server.cpp LIBRARIES parley::base)\n",
    "libs/engineio/test/server_test.cpp": "#include <thread>\n#include <gtest/gtest.h>\n",
    "libs/flow/include/parley/flow/task.hpp": "#include <coroutine>\n",
    "libs/flow_asio/include/parley/flow_asio/step.hpp": "#include <boost/asio/post.hpp>\n",
    "libs/net/src/server.cpp": "#include <boost/asio/ip/tcp.hpp>\n#include <sys/socket.h>\n",
}


def check(changes):
    """The lines check_layers prints for the good tree with `changes` made to it."""
    return tree.check(CHECK, {**GOOD, **changes})


class CheckLayers(unittest.TestCase):
    def test_says_nothing_about_a_tree_that_keeps_the_arrows(self):
        self.assertEqual(check({}), [])

    def finds(self, path, text, fault):
        self.assertEqual(check({path: text}), [fault])

    def test_finds_a_room_that_includes_one_above_it(self):
        self.finds(
            SOURCE,
            "\n#include <parley/node/node.hpp>\n",
            f"{SOURCE}:2: libs/engineio may not include node",
        )

    def test_finds_a_room_included_but_not_linked(self):
        self.finds(
            LISTING,
            "parley_add_library(engineio SOURCES src/server.cpp)\n",
            f"{LISTING}: libs/engineio includes base and does not link parley::base",
        )

    def test_finds_a_room_or_library_linked_against_the_table(self):
        self.assertEqual(
            check({
                LISTING: "parley_add_library(engineio SOURCES a.cpp LIBRARIES parley::base\n"
                "  parley::socketio PRIVATE_LIBRARIES OpenSSL::Crypto)\n"
            }),
            [
                f"{LISTING}: libs/engineio may not link OpenSSL::Crypto",
                f"{LISTING}: libs/engineio may not link parley::socketio",
            ],
        )

    def test_finds_what_only_a_shell_may_touch(self):
        for text, word in {
            "#include <thread>": "<thread>",
            "#include <iostream>": "<iostream>",
            "#include <sys/socket.h>": "<sys/",
            "auto t = std::chrono::steady_clock::now();": "steady_clock::now",
            "std::random_device chance;": "random_device",
            'std::getenv("HOME");': "getenv",
        }.items():
            with self.subTest(text):
                self.finds(SOURCE, text, f"{SOURCE}:1: a core may not use '{word}'")

    def test_finds_coroutines_where_they_may_not_be(self):
        self.finds(SOURCE, "co_return;", f"{SOURCE}:1: libs/engineio may not use 'co_return'")

    def test_finds_a_library_of_others_in_the_wrong_room(self):
        path = "libs/signaling/src/waiting_pair.cpp"
        for text in ("openssl/sha.h", "simdjson.h", "zlib.h", "boost/asio/post.hpp", "spdlog/spdlog.h"):
            with self.subTest(text):
                self.finds(
                    path, f"#include <{text}>", f"{path}:1: libs/signaling may not include <{text}>"
                )

    def test_finds_asio_in_a_public_header_even_of_a_shell(self):
        path = "libs/net/include/parley/net/server.hpp"
        self.finds(
            path,
            "#include <boost/asio/ip/tcp.hpp>\n",
            f"{path}:1: a public header may not include <boost/asio/ip/tcp.hpp>",
        )

    def test_finds_a_clock_in_the_simulation(self):
        path = "sim/src/world.cpp"
        self.finds(
            path, "system_clock::now();", f"{path}:1: a core may not use 'system_clock::now'"
        )

    def test_finds_an_include_that_leaves_its_folder(self):
        self.finds(
            SOURCE, '#include "../../base/src/x.hpp"', f'{SOURCE}:1: "../../base/src/x.hpp" leaves its folder'
        )

    def test_finds_a_room_that_nobody_told_it_about(self):
        self.finds(
            "libs/extra/src/a.cpp", "", "libs/extra: not a room that check_layers knows"
        )


if __name__ == "__main__":
    unittest.main()
