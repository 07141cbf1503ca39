"""What are people and schools here called? Varied given names; every family name is Test."""

FAMILY = "Test"

WOMEN = (
    "Aisling Amina Ania Anwen Ayesha Beata Bethan Carys Chidi Claire Dilys Donna Elin Erin Farah "
    "Ffion Gosia Gurpreet Hafsa Hannah Heledd Ines Jaswinder Jess Kasia Keira Lowri Magda Manjit "
    "Mari Meera Megan Nadia Nerys Niamh Ola Priya Rachel Rhian Roisin Ruth Sana Sara Siobhan "
    "Sioned Sunita Tamsin Tara Ursula Wren Yasmin Zofia"
).split()
MEN = (
    "Aled Arjun Bartek Bilal Bryn Callum Cian Conor Dafydd Darren Dewi Emyr Faisal Farhan Gareth "
    "Gethin Greg Harpreet Hywel Imran Iolo Jakub Jamal Kev Kofi Lech Liam Marek Matt Mohan Nabil "
    "Nathan Oisin Owain Pawel Ravi Rhys Rohan Sean Shane Tariq Tomasz Tudur Usman Vikram Wayne "
    "Wojtek Yusuf"
).split()
CHILDREN = (
    "Aaliyah Adam Alys Amelia Aneurin Anya Arlo Asha Aya Bea Bleddyn Caitlin Caleb Cerys Daisy "
    "Dev Dylan Efa Eira Eliza Emil Esme Evie Fatima Filip Finn Gwen Haris Hugo Idris Ina Isaac "
    "Ishaan Iwan Jac Jaya Jonah Josef Kaja Kiran Lena Leo Llew Luca Maja Maryam Mikolaj Mila Nel "
    "Nia Noah Noor Oskar Osian Pola Rafi Reuben Rosa Rowan Ruby Saffi Seren Simran Sol Stan Tadeo "
    "Taliesin Tomos Uma Vera Willa Yara Yusra Zac Zahra Zosia"
).split()

# Plants: none of them is the name of a real school in front of the word that follows it here.
PRIMARIES = (
    "alder elm medlar hornbeam whitebeam spindle sorrel yarrow sedge bilberry campion tansy bryony "
    "mallow vetch bracken fennel comfrey burdock lovage marram samphire purslane damson"
).split()
SECONDARIES = "birch tamarisk sallow guelder buckthorn dogwood wayfaring quickset bullace".split()
SPECIAL, UNIT = ("teasel", "lichen"), "gorse"
COLLEGES, NURSERIES = ("cedar", "juniper"), ("cowslip", "woodruff")
